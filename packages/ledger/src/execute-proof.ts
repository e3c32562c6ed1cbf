import {
  assert,
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
import {
  difficultyOfExecution,
  mintingDifficulty,
  NO_GROWTH,
  type StateGrowth,
} from "@aethel/rewards";
import { deposit, type OpenAccount, openAccount, useNonce, withdraw } from "./accounts.ts";
import { refuseExpired, refuseOnAccounts, type SizedProof } from "./admission.ts";
import { trustOf } from "./certificates.ts";
import type { BlockMeter } from "./costs/meter.ts";
import { mostUnits } from "./costs/shares.ts";
import { costOf, intrinsicUnits } from "./costs/units.ts";
import { type BlockPrices, chargeFor, isCovered, type Usage } from "./fees/charge.ts";
import { newCosigners } from "./fees/growth.ts";
import { mostUsed } from "./fees/price.ts";
import { chargedUnits, type Taken } from "./fees/units.ts";
import {
  type CoversRun,
  findCall,
  type InvokeBlock,
  type InvokeResult,
  prepareInvoke,
  runInvoke,
} from "./invoke.ts";
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

/** Where a proof is executed. */
export interface ProofContext extends InvokeBlock {
  readonly programs: Programs;
  /** Room of the block; the units of the whole proof are known to fit, its program and record apart. */
  readonly meter: BlockMeter;
  readonly prices: BlockPrices;
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
  /** What it took of its lane: certificates, signatures, what ran, what was loaded and recorded. */
  readonly taken: Taken;
  /** Execution units of all that. */
  readonly units: number;
  /** Bytes by which the state has grown. */
  readonly growth: number;
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
  /** Execution units beside those that every proof of its form takes. */
  readonly units: number;
  readonly growth: StateGrowth;
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
  const before = draft.growth();
  const effect = enact(sized, judgement, author, context);
  if (!("outcome" in effect)) return effect;

  const { storedBytes } = effect;
  const usage = usageOf(sized, effect, context.prices);
  const { taken } = usage;
  const paid = settle(body, usage, author, context);
  const result = resultOf(sized.hash, effect);
  return {
    result,
    storedBytes,
    taken,
    units: taken.units,
    growth: draft.growth() - before,
    receipt: {
      ...result,
      sequence: context.sequence,
      index: context.index,
      kind: body.type,
      author: body.author,
      ...paid,
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
    case "invoke":
      return enactInvoke(body, sized, author, context);
    case "publish":
    case "theorem": {
      if (judgement === undefined || judgement.type === "abstained") {
        return refusal("unjudged", "the Judge has not said anything about it");
      }
      if (judgement.type === "rejected") return refusal("rejected", rejectionOf(judgement));
      const effect = enactJudged(body, sized, judgement, context);
      if ("outcome" in effect) withdraw(author, body.feeLimit);
      return effect;
    }
    default:
      return assertNever(body);
  }
}

function enactInvoke(
  body: Extract<ProofBody, { readonly type: "invoke" }>,
  sized: SizedProof,
  author: OpenAccount,
  context: ProofContext,
): Effect | Refusal {
  const { draft, prices, meter, programs } = context;
  const offered = { body: sized.proof.body, bytes: sized.bytes };
  const room = { meter, reserved: costOf(offered) };
  const found = findCall(body, draft, programs, room);
  if ("code" in found) return found;
  const { programUnits } = found;
  const cosigners = newCosigners(body, draft);
  if (programUnits > 0 || cosigners > 0) {
    // Admission has seen the rest: all that the body alone can take.
    const most = mostUsed(offered, prices.parameters, { units: programUnits });
    const usage = { ...most, growth: { entries: cosigners, bytes: 0 } };
    const { charged } = chargeFor(body, usage, prices);
    if (charged > body.feeLimit) {
      const beside = `with its program and ${cosigners} new signers it may be charged ${charged}`;
      return refusal("fee-limit", `the fee limit is ${body.feeLimit} micro-tokens, ${beside}`);
    }
  }
  const prepared = prepareInvoke(body, found, programs);
  withdraw(author, body.feeLimit);
  // The result speaks of the program, which was proved when it was published.
  const claim = { verdict: "valid", trust: prepared.record.trust } as const;
  const effectOf = (run: InvokeResult): Effect => ({
    ...claim,
    outcome: run.outcome,
    code: run.code,
    detail: run.detail,
    difficulty: difficultyOfExecution(run.units, prices.parameters),
    used: run.units,
    units: run.units + programUnits,
    storedBytes: 0,
    growth: { entries: cosigners + (run.entries ?? 0), bytes: 0 },
  });
  const covers: CoversRun = ({ units, entries }) => {
    if (entries === 0) return true;
    const done = effectOf({ outcome: "applied", code: "none", units, detail: "", entries });
    return isCovered(body, usageOf(sized, done, prices), prices);
  };
  return effectOf(runInvoke(prepared, body, context, covers));
}

function enactJudged(
  body: JudgedBody,
  sized: SizedProof,
  judged: Judged,
  context: ProofContext,
): Effect | Refusal {
  const { verdict, difficulty } = judged;
  const used = chargedUnits(judged, body.resourceLimit);
  const detail = judged.reason ?? "";
  const nothing = { storedBytes: 0, units: 0, growth: NO_GROWTH };
  const base = { verdict, trust: trustOf(judged), difficulty, used, detail, ...nothing };
  if (verdict === "unknown") {
    return { ...base, outcome: "unknown", code: judged.code ?? "undecided" };
  }
  if (verdict === "refuted") return { ...base, outcome: "refuted", code: "refuted" };
  const recordable = prepareRecord(body, judged, recordingOf(sized, body, judged, context));
  if (typeof recordable === "string") return { ...base, ...unrecorded(recordable) };
  if ("needs" in recordable) {
    const { needs } = recordable;
    const message = "the block has no units or room in the state left to record it";
    return { ...refusal("block-full", message), needs };
  }
  const applied = { ...base, outcome: "applied", code: "none" } as const;
  const unpaid = findUnpaid(sized, applied, recordable, context.prices);
  if (unpaid !== undefined) return { ...base, outcome: "forbidden", ...unpaid };
  // Compiled only for who can pay for it, and paid for when it was in vain.
  if (!recordable.isStorable()) {
    return { ...base, ...unrecorded("not-storable"), units: recordable.compiling };
  }
  recordable.record();
  return { ...applied, ...keptOf(recordable) };
}

/** Parts of a record that are paid for. */
function keptOf(recordable: Recordable): Pick<Effect, "storedBytes" | "units" | "growth"> {
  const { storedBytes, units, growth } = recordable;
  return { storedBytes, units, growth: { entries: 0, bytes: growth } };
}

function recordingOf(
  { bytes }: SizedProof,
  body: JudgedBody,
  { difficulty }: Judged,
  { draft, programs, sequence, state, meter }: ProofContext,
): Recording {
  const { parameters } = state;
  const { version, kernelVersion } = parameters.judge;
  const about = { author: body.author, difficulty, judgeVersion: version, sequence };
  const most = { units: mostUnits(body, parameters), growth: parameters.stateGrowthMax };
  const room = { meter, reserved: costOf({ body, bytes }), most };
  return { draft, programs, about, kernelVersion, room };
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
    case "too-large": {
      const detail = "its record takes more than a proof may take of a block";
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
  sized: SizedProof,
  applied: Effect,
  recordable: Recordable,
  prices: BlockPrices,
): Pick<Effect, "code" | "detail"> | undefined {
  const { body } = sized.proof;
  const kept = keptOf(recordable);
  const covers = (effect: Effect): boolean =>
    isCovered(body, usageOf(sized, effect, prices), prices);
  if (covers({ ...applied, ...kept })) return undefined;
  if (!covers(applied)) {
    const detail = "the fee limit does not burn enough for its difficulty";
    return { code: "burn-floor", detail };
  }
  if (!covers({ ...applied, ...kept, growth: NO_GROWTH })) {
    const detail = `the fee limit does not pay for ${kept.storedBytes} bytes of certificate`;
    return { code: "certificate-fee", detail };
  }
  const detail = `the fee limit does not pay for ${kept.growth.bytes} bytes more in the state`;
  return { code: "state-fee", detail };
}

/** Room that a proof has taken of its lane. */
function takenBy({ proof, bytes }: SizedProof, effect: Effect): Taken {
  const { body } = proof;
  const isCall = body.type === "invoke";
  return {
    lane: isCall ? "invoke" : "judged",
    bytes: bytes + effect.storedBytes,
    units: intrinsicUnits({ body, bytes }) + effect.units,
    judging: isCall ? 0 : effect.used,
  };
}

/** Usage that is charged for. */
function usageOf(sized: SizedProof, effect: Effect, { parameters }: BlockPrices): Usage {
  const minting = mintingDifficulty(effect, parameters);
  return { taken: takenBy(sized, effect), minting, growth: effect.growth };
}

/** Uses the nonces, gives back what the fee leaves of its limit, burns a part, banks the rest. */
function settle(
  body: ProofBody,
  usage: Usage,
  author: OpenAccount,
  { draft, prices, treasury }: ProofContext,
): Pick<Receipt, "fee" | "burned" | "tip"> {
  useNonce(author);
  if (body.type === "invoke") {
    for (const { account } of body.cosigners) useNonce(openAccount(draft, account));
  }
  const { charged, burned, tip, rest } = chargeFor(body, usage, prices);
  assert(charged <= body.feeLimit, "nothing is done that the fee limit does not cover");
  deposit(author, body.feeLimit - charged);
  deposit(treasury, rest);
  noteBurned(draft, burned);
  return { fee: toAmount(charged), burned: toAmount(burned), tip: toAmount(tip) };
}

function rejectionOf(rejected: Extract<Judgement, { readonly type: "rejected" }>): string {
  const [first] = rejected.diagnostics;
  return first === undefined ? "the Judge rejected it" : `${first.code}: ${first.message}`;
}
