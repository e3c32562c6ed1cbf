import type { AccountId, QuorumCertificate } from "@aethel/models";
import { absenceAfter, absenceJails } from "@aethel/rewards";
import { isAtBoundary, lastEpochMs } from "../state/clock.ts";
import { countUp } from "../state/counters.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import {
  ACCURACY_EPOCHS,
  NO_SHORT_EPOCHS,
  Participation,
  type ShortEpochs,
  ValidatorRecord,
} from "../state/validator-records.ts";
import { enqueuePower } from "./power-lanes.ts";
import { readValidator } from "./stake.ts";

/**
 * Counts the votes in the parent's certificate. One value of the state holds all counts of an
 * epoch, so that a block with a thousand votes writes one key. After the last certificate of an
 * epoch, the counts are added to the validators' records.
 */
export function countVotes(
  certificate: QuorumCertificate,
  overlay: StateOverlay,
  state: LedgerState,
): void {
  const known = overlay.read(stateKey.participation, Participation);
  const members = certificate.signers.map((signed, at) => ({
    votes: countUp(known?.members[at]?.votes ?? 0, signed ? 1 : 0),
  }));
  const counts = { blocks: countUp(known?.blocks ?? 0, 1), members };
  if (!isAtBoundary(state.clock)) {
    overlay.write(stateKey.participation, Participation, counts);
    return;
  }
  // The next certificate is by another set, in which an index means another validator.
  overlay.write(stateKey.participation, Participation, undefined);
  const { blocks } = counts;
  const lastedMs = lastEpochMs(state.clock, state.parameters);
  state.previousSet.validators.forEach(({ id }, at) => {
    addEpoch(overlay, id, { votes: members[at]?.votes ?? 0, blocks, lastedMs }, state);
  });
}

/**
 * Adds the counts of an epoch to a validator's record, and jails a validator that was absent too
 * long. Absence is computed over epochs that together have at least two blocks for each member of
 * the set. The reason is that the proposer of a block chooses which votes the parent's certificate
 * includes. In an epoch of a few blocks, one proposer could choose them all.
 */
function addEpoch(
  overlay: StateOverlay,
  id: AccountId,
  epoch: ShortEpochs,
  state: LedgerState,
): void {
  const record = readValidator(overlay, id);
  const { votes, blocks } = epoch;
  const told = together(record.short, epoch);
  const isShort = told.blocks < 2 * state.previousSet.validators.length;
  const absent = isShort
    ? record.absent
    : absenceAfter({ absentMs: record.absent, ...told }, state.parameters);
  // Who is ejected comes back by a new key, not by asking.
  const isJailed = record.status !== "ejected" && absenceJails(absent, state.parameters);
  overlay.write(stateKey.validator(id), ValidatorRecord, {
    ...record,
    votes: record.votes + votes,
    blocks: record.blocks + blocks,
    recent: [...record.recent, { votes, blocks }].slice(-ACCURACY_EPOCHS),
    absent,
    short: isShort ? told : NO_SHORT_EPOCHS,
    status: isJailed ? "jailed" : record.status,
  });
  if (isJailed) enqueuePower(overlay, id, state);
}

function together(left: ShortEpochs, right: ShortEpochs): ShortEpochs {
  return {
    votes: left.votes + right.votes,
    blocks: left.blocks + right.blocks,
    lastedMs: left.lastedMs + right.lastedMs,
  };
}
