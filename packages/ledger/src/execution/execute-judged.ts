import { assertNever } from "@aethel/models";
import { NO_GROWTH } from "@aethel/rewards";
import type { SizedProof } from "../admission/admission.ts";
import { type BlockPrices, chargeFor, isCovered } from "../fees/charge.ts";
import { chargedUnits } from "../fees/units.ts";
import { mostUnits } from "../metering/shares.ts";
import { costOf } from "../metering/units.ts";
import { trustOf } from "../programs/certificates.ts";
import type { Judged } from "../programs/judge-port.ts";
import { type JudgedBody, prepareRecord } from "../programs/record-claim.ts";
import type { Recordable, Recording, Unrecordable } from "../programs/recording.ts";
import { type Refusal, refusal } from "../results/refusal.ts";
import { type Effect, type ProofContext, usageOf } from "./proof-effect.ts";

export function enactJudged(
  body: JudgedBody,
  sized: SizedProof,
  judged: Judged,
  context: ProofContext,
): Effect | Refusal {
  const { verdict, difficulty } = judged;
  const used = chargedUnits(judged, body.resourceLimit);
  const detail = judged.reason ?? "";
  const nothing = { storedBytes: 0, units: 0, growth: NO_GROWTH, deposit: 0n, calls: [] };
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
  return { ...applied, ...keptOf(recordable), deposit: depositOf(recordable, context.prices) };
}

/** Returns the amounts that are charged for recording a claim. */
function keptOf(recordable: Recordable): Pick<Effect, "storedBytes" | "units" | "growth"> {
  const { storedBytes, units, growth } = recordable;
  return { storedBytes, units, growth: { entries: 0, bytes: growth } };
}

/** Returns the deposit for the cells of a claim's record, in micro-tokens. */
function depositOf({ cellBytes }: Recordable, { parameters }: BlockPrices): bigint {
  return parameters.depositPrice * BigInt(cellBytes);
}

function recordingOf(
  { bytes }: SizedProof,
  body: JudgedBody,
  { difficulty }: Judged,
  { overlay, programs, sequence, state, meter }: ProofContext,
): Recording {
  const { parameters } = state;
  const { version, kernelVersion } = parameters.judge;
  const about = { author: body.author, difficulty, judgeVersion: version, sequence };
  const most = { units: mostUnits(body, parameters), growth: parameters.stateGrowthMax };
  const room = { meter, reserved: costOf({ body, bytes }), most };
  return { overlay, programs, about, kernelVersion, room };
}

/**
 * Returns the fields in which the effect of a valid claim that is not recorded differs from that of
 * a recorded one.
 */
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

/**
 * Finds the charge because of which the fee limit does not cover the record of a claim. Undefined
 * if the fee limit covers everything.
 */
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
  if (covers({ ...applied, ...kept })) {
    const deposit = depositOf(recordable, prices);
    const { charged } = chargeFor(body, usageOf(sized, { ...applied, ...kept }, prices), prices);
    if (charged + deposit <= body.feeLimit) return undefined;
    const detail = `the fee limit does not cover a deposit of ${deposit} micro-tokens for cells beside the fee of ${charged}`;
    return { code: "deposit", detail };
  }
  if (!covers(applied)) {
    const detail = "the fee limit covers too little burn for its difficulty; raise it";
    return { code: "burn-floor", detail };
  }
  if (!covers({ ...applied, ...kept, growth: NO_GROWTH })) {
    const detail = `the fee limit does not pay for ${kept.storedBytes} bytes of certificate`;
    return { code: "certificate-fee", detail };
  }
  const detail = `the fee limit does not pay for ${kept.growth.bytes} bytes more in the state`;
  return { code: "state-fee", detail };
}
