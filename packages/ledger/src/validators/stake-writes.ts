import {
  type AccountId,
  type Amount,
  fromHex,
  type Timestamp,
  toAccountId,
  toAmount,
  toHex,
  toPublicKey,
} from "@aethel/models";
import { votingPower } from "@aethel/rewards";
import type { FieldWrite } from "@aethel/verifier";
import type { ResultCode } from "../results/result-code.ts";
import { debit } from "../state/accounts.ts";
import type { StateBounds } from "../state/bounds.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import type { Lane } from "../state/queue-records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { enqueuePower, hasRoom, laneOf } from "./power-lanes.ts";
import {
  canBeConsensusKey,
  isKeptOut,
  powerIn,
  readValidator,
  registerValidator,
  statusOf,
} from "./stake.ts";
import { hasUnbondingRoom, lockWithdrawn } from "./unbonding.ts";

/**
 * Finds the reason for which a stake write of an invoke is forbidden. Undefined if it is allowed. A
 * first stake makes the account a validator with its id as the consensus key, so the id must be
 * usable as a key. Withdrawn stake must become balance of the same account, from which the ledger
 * then takes it for unbonding. If the new stake must wait in a queue, the queue must not be full.
 */
export function findStakeDefect(
  writes: readonly FieldWrite[],
  overlay: StateOverlay,
  { state, bounds }: { readonly state: LedgerState; readonly bounds: StateBounds },
): StakeDefect | undefined {
  const asking = new Map<Lane, number>();
  for (const write of writes) {
    const { account, field, before, after } = write;
    if (field !== "stake" || after === before) continue;
    const id = toAccountId(fromHex(account));
    const defect =
      after > before
        ? stakeDefect(id, overlay)
        : withdrawalDefect(write, { writes, overlay, bounds });
    if (defect !== undefined) return defect;
    const record = overlay.read(stateKey.validator(id), ValidatorRecord);
    const staysOut = record !== undefined && isKeptOut(record);
    const lane = laneWith({ id, stake: toAmount(after), staysOut }, state);
    // To fall is never refused: only members do, and the set has a bound.
    if (lane === undefined || lane === "falling") continue;
    const others = asking.get(lane) ?? 0;
    if (!hasRoom(overlay, { lane, id, asking: others }, bounds)) {
      return { code: "stake-queue", detail: laneIsFull(bounds) };
    }
    asking.set(lane, others + 1);
  }
  return undefined;
}

/** Returns the message for an account that cannot enter a full queue. */
export function laneIsFull({ waitingMax }: StateBounds): string {
  return `${waitingMax} changes are waiting; try again after the next epoch boundary`;
}

/** Reason for which a change of stake is forbidden. */
interface StakeDefect {
  readonly code: ResultCode;
  readonly detail: string;
}

function stakeDefect(id: AccountId, overlay: StateOverlay): StakeDefect | undefined {
  if (overlay.read(stateKey.validator(id), ValidatorRecord) !== undefined) return undefined;
  if (canBeConsensusKey(overlay, id)) return undefined;
  return { code: "stake-key", detail: `${toHex(id)} cannot be a consensus key` };
}

function withdrawalDefect(
  { account, before, after }: FieldWrite,
  {
    writes,
    overlay,
    bounds,
  }: {
    readonly writes: readonly FieldWrite[];
    readonly overlay: StateOverlay;
    readonly bounds: StateBounds;
  },
): StakeDefect | undefined {
  const gained = writes.find((write) => write.account === account && write.field === "balance");
  if (gained === undefined || gained.after - gained.before < before - after) {
    return { code: "stake-withdrawal", detail: `${account} must receive its stake as balance` };
  }
  if (hasUnbondingRoom(overlay, toAccountId(fromHex(account)), bounds)) return undefined;
  const { unbondingEntriesMax } = bounds;
  const detail = `${unbondingEntriesMax} withdrawals are unbonding; wait until the first is released`;
  return { code: "stake-queue", detail };
}

/**
 * Returns the queue in which an account waits for the power that this stake gives, or for power 0
 * if it `staysOut` (jailed or ejected). Undefined if its power does not change.
 */
export function laneWith(
  who: { readonly id: AccountId; readonly stake: Amount; readonly staysOut?: boolean },
  state: LedgerState,
): Lane | undefined {
  const { id, stake, staysOut = false } = who;
  const to = staysOut ? 0n : votingPower(stake, state.parameters);
  return laneOf(powerIn(state.votingSet, id), to);
}

/**
 * Applies stake writes in which `findStakeDefect` found no defect. MUST be called after the
 * balances were written.
 */
export function applyStakeWrites(
  writes: readonly FieldWrite[],
  overlay: StateOverlay,
  { now, state }: { readonly now: Timestamp; readonly state: LedgerState },
): void {
  for (const { account, field, before, after } of writes) {
    if (field !== "stake" || after === before) continue;
    const id = toAccountId(fromHex(account));
    if (overlay.read(stateKey.validator(id), ValidatorRecord) === undefined) {
      registerValidator(overlay, { id, key: toPublicKey(id) });
    }
    setStake(overlay, id, toAmount(after), state);
    if (after < before) {
      const amount = toAmount(before - after);
      debit(overlay, id, amount);
      lockWithdrawn(overlay, { id, amount }, { now, state });
    }
  }
}

/**
 * Writes bonded stake. If the set counts another power than the stake gives, the account enters a
 * queue for the next epoch boundary.
 */
export function setStake(
  overlay: StateOverlay,
  id: AccountId,
  stake: Amount,
  state: LedgerState,
): void {
  const record = readValidator(overlay, id);
  // No stake buys a way back: out of jail that takes asking, after an ejection a new key.
  const status = isKeptOut(record) ? record.status : statusOf(stake, state.parameters);
  overlay.write(stateKey.validator(id), ValidatorRecord, { ...record, stake, status });
  enqueuePower(overlay, id, state);
}
