import {
  type Amount,
  assertNever,
  type Difficulty,
  type Digest,
  type Outcome,
  type ProofBody,
  type Resource,
  sha256,
  toAmount,
  toDifficulty,
  toResource,
  type Verdict,
  type VerificationResult,
} from "@aethel/models";
import { difficultyOfExecution } from "@aethel/rewards";
import { deposit, type OpenAccount, openAccount, useNonce, withdraw } from "./accounts.ts";
import { refuseExpired, refuseOnAccounts, type SizedProof } from "./admission.ts";
import { registerAssets } from "./assets.ts";
import { chargeFor, coversBurnFloor, type Usage } from "./fees.ts";
import { type InvokeBlock, prepareInvoke, runInvoke } from "./invoke.ts";
import type { Judged, Judgement } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { type Receipt, toDetail } from "./receipt.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { RESULT_CODES, type ResultCode } from "./result-code.ts";
import { IntentRecord, stateKey, TheoremRecord } from "./state-layout.ts";
import { noteBurned } from "./supply.ts";

/** Where a proof is executed. */
export interface ProofContext extends InvokeBlock {
  readonly programs: Programs;
  readonly treasury: OpenAccount;
  /** Position in the block. */
  readonly index: number;
}

/** What a proof did: its result, which the header commits to, and its receipt. */
export interface ExecutedProof {
  readonly result: VerificationResult;
  readonly receipt: Receipt;
}

/** What came of the claim itself, before it is paid for. */
interface Effect {
  readonly verdict: Verdict;
  readonly outcome: Outcome;
  readonly code: ResultCode;
  readonly difficulty: Difficulty;
  readonly used: Resource;
  readonly detail: string;
}

/**
 * Executes one proof on the draft. A refusal means that no block with this proof here is valid; the
 * draft is then untouched. Whatever the outcome, the nonces are used and the fee is charged; only
 * `applied` does more.
 */
export function executeProof(
  sized: SizedProof,
  judgement: Judgement | undefined,
  context: ProofContext,
): ExecutedProof | Refusal {
  const { body } = sized.proof;
  const { draft } = context;
  const refused = refuseExpired(body, context.sequence) ?? refuseOnAccounts(body, draft);
  if (refused !== undefined) return refused;
  const author = openAccount(draft, body.author);
  const effect = enact(sized, judgement, author, context);
  if (!("outcome" in effect)) return effect;

  const minting = effect.outcome === "applied" ? effect.difficulty : toDifficulty(0);
  const { sequence } = context;
  const usage = { used: effect.used, minting, bytes: sized.bytes, sequence };
  const paid = settle(body, usage, author, context);
  const result = resultOf(sized.hash, effect);
  return {
    result,
    receipt: {
      ...result,
      sequence: context.sequence,
      index: context.index,
      kind: body.type,
      author: body.author,
      fee: paid.fee,
      burned: paid.burned,
      detail: toDetail(effect.detail),
    },
  };
}

function resultOf(proofHash: Digest, effect: Effect): VerificationResult {
  return {
    proofHash,
    verdict: effect.verdict,
    outcome: effect.outcome,
    difficulty: effect.difficulty,
    resource: effect.used,
    errorCode: RESULT_CODES[effect.code],
  };
}

/** Takes the whole fee limit first, so that no effect can spend what the fee needs. */
function enact(
  sized: SizedProof,
  judgement: Judgement | undefined,
  author: OpenAccount,
  context: ProofContext,
): Effect | Refusal {
  const { body } = sized.proof;
  switch (body.type) {
    case "invoke": {
      const prepared = prepareInvoke(body, context.draft, context.programs);
      if ("code" in prepared) return prepared;
      withdraw(author, body.feeLimit);
      const { outcome, code, units, detail } = runInvoke(prepared, body, context);
      const difficulty = difficultyOfExecution(units, context.state.parameters);
      return { verdict: "valid", outcome, code, difficulty, used: units, detail };
    }
    case "publish":
    case "theorem": {
      if (judgement === undefined || judgement.type === "abstained") {
        return refusal("unjudged", "the Judge has not said anything about it");
      }
      if (judgement.type === "rejected") return refusal("rejected", rejectionOf(judgement));
      withdraw(author, body.feeLimit);
      return enactJudged(body, sized.bytes, judgement, context);
    }
    default:
      return assertNever(body);
  }
}

type JudgedBody = Exclude<ProofBody, { readonly type: "invoke" }>;

function enactJudged(
  body: JudgedBody,
  bytes: number,
  judged: Judged,
  context: ProofContext,
): Effect {
  const { verdict, difficulty } = judged;
  const detail = judged.reason ?? "";
  if (verdict === "unknown") {
    const used = body.resourceLimit;
    return { verdict, outcome: "unknown", code: "undecided", difficulty, used, detail };
  }
  const used = toResource(Math.min(judged.resource, body.resourceLimit));
  const base = { verdict, difficulty, used, detail };
  if (verdict === "refuted") return { ...base, outcome: "refuted", code: "refuted" };
  const record = prepareRecord(body, judged, context);
  if (typeof record === "string") {
    if (record === "recorded") return { ...base, outcome: "recorded", code: "recorded" };
    const tooLong = "the canonical text of an intent exceeds the language's limits";
    return { ...base, outcome: "forbidden", code: "not-storable", detail: tooLong };
  }
  const usage = { used, minting: difficulty, bytes, sequence: context.sequence };
  if (!coversBurnFloor(body, usage, context.state.parameters)) {
    const floor = "the fee limit does not burn enough for its difficulty";
    return { ...base, outcome: "forbidden", code: "burn-floor", detail: floor };
  }
  record();
  return { ...base, outcome: "applied", code: "none" };
}

/** What records a valid claim, or why there is nothing to record. */
function prepareRecord(
  body: JudgedBody,
  judged: Judged,
  context: ProofContext,
): (() => void) | "recorded" | "not-storable" {
  const { draft, sequence, state, programs } = context;
  const about = {
    author: body.author,
    difficulty: judged.difficulty,
    judgeVersion: state.parameters.judge.version,
    sequence,
  };
  if (body.type === "theorem") {
    const key = stateKey.theorem(sha256(body.script));
    if (draft.read(key, TheoremRecord) !== undefined) return "recorded";
    return () => draft.write(key, TheoremRecord, { ...about, resource: judged.resource });
  }
  const fresh = programs
    .compile(body.source, "published")
    .filter(({ digest }) => draft.read(stateKey.intent(digest), IntentRecord) === undefined);
  if (fresh.length === 0) return "recorded";
  if (!fresh.every((program) => programs.isStorable(program, "published"))) return "not-storable";
  const encoder = new TextEncoder();
  return () => {
    for (const { canonical, digest, assets } of fresh) {
      registerAssets(draft, assets);
      const text = encoder.encode(canonical);
      const record = { ...about, canonical: text, origin: "published" as const };
      draft.write(stateKey.intent(digest), IntentRecord, record);
    }
  };
}

/** Uses the nonces, gives back what the fee leaves of its limit, burns a part, banks the rest. */
function settle(
  body: ProofBody,
  usage: Usage,
  author: OpenAccount,
  { draft, state, treasury }: ProofContext,
): { readonly fee: Amount; readonly burned: Amount } {
  useNonce(author);
  if (body.type === "invoke") {
    for (const { account } of body.cosigners) useNonce(openAccount(draft, account));
  }
  const { burned, rest } = chargeFor(body, usage, state.parameters);
  const fee = toAmount(burned + rest);
  deposit(author, body.feeLimit - fee);
  deposit(treasury, rest);
  noteBurned(draft, burned);
  return { fee, burned };
}

function rejectionOf(rejected: Extract<Judgement, { readonly type: "rejected" }>): string {
  const [first] = rejected.diagnostics;
  return first === undefined ? "the Judge rejected it" : `${first.code}: ${first.message}`;
}
