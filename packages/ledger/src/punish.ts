import {
  assertNever,
  type Digest,
  type Evidence,
  equalBytes,
  findEvidenceDefect,
  type InvalidVerification,
  type Sequence,
  type Timestamp,
  toAmount,
} from "@aethel/models";
import { slashHeldStake } from "@aethel/rewards";
import { credit } from "./accounts.ts";
import { refutes } from "./counterexample.ts";
import type { Draft } from "./draft.ts";
import { readUnbonding, readValidator, setStake, writeUnbonding } from "./stake.ts";
import type { LedgerState } from "./state.ts";
import {
  KeyRecord,
  Offence,
  OffenceRecord,
  stateKey,
  TREASURY,
  ValidatorRecord,
} from "./state-layout.ts";
import { isTooOld } from "./time/dated-borders.ts";

/** Why a piece of evidence cannot be in a block. */
export type EvidenceRefusal =
  /** The signatures or the contradiction do not hold. */
  | "not-proven"
  /** The key that signed was not the accused validator's (B20). */
  | "wrong-key"
  | "from-the-future"
  /** Older than the time for which stake is locked. */
  | "too-old"
  /** This offence was punished already: once is all. */
  | "known"
  /** Plain evaluation does not confirm the counterexample; of theorems there is none. */
  | "not-refuted";

interface Where {
  readonly sequence: Sequence;
  /** The block's timestamp. */
  readonly now: Timestamp;
  readonly draft: Draft;
  readonly state: LedgerState;
}

/** What makes an offence the same one, whatever was signed in it. */
export function offenceOf(item: Evidence): Offence {
  const { validator, type: kind } = item;
  switch (item.type) {
    case "double-vote":
      return { validator, kind, sequence: item.sequence, view: item.view, phase: item.phase };
    case "double-proposal":
      return { validator, kind, sequence: item.sequence, view: item.view, phase: "none" };
    case "hidden-lock":
      return { validator, kind, sequence: item.body.sequence, view: item.view, phase: "commit" };
    case "invalid-verification":
      return { validator, kind, sequence: item.header.sequence, view: 0, phase: "none" };
    default:
      return assertNever(item);
  }
}

/** Whether evidence convicts, here and now; the cheap questions come first. No clock is asked (B11). */
export function refuseEvidence(
  item: Evidence,
  { sequence, now, draft, state }: Where,
): EvidenceRefusal | undefined {
  const offence = offenceOf(item);
  if (offence.sequence > sequence) return "from-the-future";
  if (isTooOld(offence.sequence, { draft, now, state })) return "too-old";
  const owner = draft.read(stateKey.consensusKey(item.key), KeyRecord);
  if (owner === undefined || !equalBytes(owner.validator, item.validator)) return "wrong-key";
  if (offence.sequence < owner.from) return "wrong-key";
  if (owner.until !== undefined && offence.sequence > owner.until) return "wrong-key";
  if (draft.read(stateKey.offence(keyOf(offence)), OffenceRecord) !== undefined) return "known";
  if (findEvidenceDefect(state.chain, item) !== undefined) return "not-proven";
  return item.type === "invalid-verification" && !isRefuted(item) ? "not-refuted" : undefined;
}

function isRefuted({ proof: { body }, counterexample }: InvalidVerification): boolean {
  return body.type === "publish" && refutes(body.source, counterexample);
}

/** Slashes what evidence convicts: bonded stake first, then what unbonds, to the treasury, once. */
export function punish(item: Evidence, { sequence, draft, state }: Where): void {
  const offence = offenceOf(item);
  const { validator } = item;
  const record = readValidator(draft, validator);
  const { entries } = readUnbonding(draft, validator);
  const slashed = slashHeldStake(
    { bonded: record.stake, unbonding: entries.map((entry) => entry.amount), kind: item.type },
    state.parameters,
  );
  const { toTreasury } = slashed;
  draft.write(stateKey.validator(validator), ValidatorRecord, {
    ...record,
    offences: record.offences + 1,
    slashed: toAmount(record.slashed + toTreasury),
  });
  setStake(draft, validator, slashed.bonded, state);
  writeUnbonding(draft, validator, {
    entries: entries.map((entry, at) => ({
      ...entry,
      amount: slashed.unbonding[at] ?? toAmount(0n),
    })),
  });
  credit(draft, TREASURY, toTreasury);
  const about = { validator, slashed: toTreasury, sequence };
  draft.write(stateKey.offence(keyOf(offence)), OffenceRecord, about);
}

function keyOf(offence: Offence): Digest {
  return Offence.digest(offence);
}
