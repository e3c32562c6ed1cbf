import {
  type Amount,
  assertNever,
  type Difficulty,
  type Digest,
  type Outcome,
  type ProofBody,
  type Resource,
  type Trust,
  toAmount,
  type Verdict,
  type VerificationResult,
} from "@aethel/models";
import { difficultyOfExecution, mintingDifficulty } from "@aethel/rewards";
import { deposit, type OpenAccount, openAccount, useNonce, withdraw } from "./accounts.ts";
import { refuseExpired, refuseOnAccounts, type SizedProof } from "./admission.ts";
import { trustOf } from "./certificates.ts";
import { chargedUnits, chargeFor, coversBurnFloor, type Usage } from "./fees.ts";
import { type InvokeBlock, prepareInvoke, runInvoke } from "./invoke.ts";
import type { Judged, Judgement } from "./ports.ts";
import type { Programs } from "./programs.ts";
import { type Receipt, toDetail } from "./receipt.ts";
import {
  type JudgedBody,
  prepareRecord,
  type Recordable,
  type Recording,
  type Unrecordable,
} from "./record-claim.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { RESULT_CODES, type ResultCode } from "./result-code.ts";
import { noteBurned } from "./supply.ts";
import { ageOf } from "./time/clock.ts";

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
  /** Bytes of certificates that the state holds more now. */
  readonly storedBytes: number;
}

/** What came of the claim itself, before it is paid for. */
interface Effect {
  readonly verdict: Verdict;
  readonly trust: Trust;
  readonly outcome: Outcome;
  readonly code: ResultCode;
  readonly difficulty: Difficulty;
  readonly used: Resource;
  readonly detail: string;
  readonly storedBytes: number;
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

  const { storedBytes } = effect;
  const minting = mintingDifficulty(effect, context.state.parameters);
  const bytes = sized.bytes + storedBytes;
  const usage = { used: effect.used, minting, bytes, ageMs: ageOf(context.state.clock) };
  const paid = settle(body, usage, author, context);
  const result = resultOf(sized.hash, effect);
  return {
    result,
    storedBytes,
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
    trust: effect.trust,
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
      // The result speaks of the program, which was proved when it was published.
      const claim = { verdict: "valid", trust: prepared.record.trust } as const;
      return { ...claim, outcome, code, difficulty, used: units, detail, storedBytes: 0 };
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

function enactJudged(
  body: JudgedBody,
  bytes: number,
  judged: Judged,
  context: ProofContext,
): Effect {
  const { verdict, difficulty } = judged;
  const used = chargedUnits(judged, body.resourceLimit);
  const detail = judged.reason ?? "";
  const base = { verdict, trust: trustOf(judged), difficulty, used, detail, storedBytes: 0 };
  if (verdict === "unknown") {
    return { ...base, outcome: "unknown", code: judged.code ?? "undecided" };
  }
  if (verdict === "refuted") return { ...base, outcome: "refuted", code: "refuted" };
  const recordable = prepareRecord(body, judged, recordingOf(body, judged, context));
  if (typeof recordable === "string") return { ...base, ...unrecorded(recordable) };
  const unpaid = findUnpaid(body, { ...base, bytes, recordable }, context);
  if (unpaid !== undefined) return { ...base, outcome: "forbidden", ...unpaid };
  recordable.record();
  const { storedBytes } = recordable;
  return { ...base, outcome: "applied", code: "none", storedBytes };
}

function recordingOf(
  { author }: JudgedBody,
  { difficulty }: Judged,
  { draft, programs, sequence, state }: ProofContext,
): Recording {
  const { version, kernelVersion } = state.parameters.judge;
  const about = { author, difficulty, judgeVersion: version, sequence };
  return { draft, programs, about, kernelVersion };
}

/** Effect of a valid claim of which there is nothing to record. */
function unrecorded(why: Unrecordable): Partial<Effect> & Pick<Effect, "outcome" | "code"> {
  switch (why) {
    case "recorded":
      return { outcome: "recorded", code: "recorded" };
    case "not-storable": {
      const detail = "the canonical text of an intent exceeds the language's limits";
      return { outcome: "forbidden", code: "not-storable", detail };
    }
    case "uncertified": {
      // A Judge says so itself; from one that does not, the solver's word is no proof either.
      const detail = "the solver proved it, and there is no certificate";
      return { verdict: "unknown", trust: "none", outcome: "unknown", code: "uncertified", detail };
    }
    default:
      return assertNever(why);
  }
}

/** Why the fee limit does not suffice to record a claim; undefined when it does. */
function findUnpaid(
  body: JudgedBody,
  claim: {
    readonly trust: Trust;
    readonly difficulty: Difficulty;
    readonly used: Resource;
    readonly bytes: number;
    readonly recordable: Recordable;
  },
  { state: { parameters, clock } }: ProofContext,
): Pick<Effect, "code" | "detail"> | undefined {
  const { used, bytes, recordable } = claim;
  const minting = mintingDifficulty({ ...claim, outcome: "applied" }, parameters);
  const usage = { used, minting, bytes, ageMs: ageOf(clock) };
  if (!coversBurnFloor(body, usage, parameters)) {
    const detail = "the fee limit does not burn enough for its difficulty";
    return { code: "burn-floor", detail };
  }
  const stored = { ...usage, bytes: bytes + recordable.storedBytes };
  if (coversBurnFloor(body, stored, parameters)) return undefined;
  const detail = `the fee limit does not pay for ${recordable.storedBytes} bytes of certificate`;
  return { code: "certificate-fee", detail };
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
