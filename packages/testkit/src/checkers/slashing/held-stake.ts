import { KEY_KIND, type Receipt, Unbonding, ValidatorRecord } from "@aethel/ledger";
import {
  type Block,
  type Digest,
  equalBytes,
  type Genesis,
  itemProof,
  type StateTransition,
  toHex,
} from "@aethel/models";

/** Stake of one account: bonded and unbonding micro-tokens, and the validator's record. */
export interface HeldStake {
  /** Record of the validator after the last block that changed it. Undefined if no block did. */
  record: ValidatorRecord | undefined;
  bonded: bigint;
  /**
   * Unbonding parts, oldest first. `freeAt` is the header time at which a part becomes free; 0
   * until the epoch boundary at which the stake loses its power.
   */
  unbonding: { amount: bigint; readonly freeAt: number }[];
  /** Micro-tokens that slashes have taken from the account in all. */
  slashed: bigint;
  offences: number;
}

/** Stakes by account id in hex. */
export type Held = Map<string, HeldStake>;

/** Call of a standard intent that moved stake. */
export interface StakeMove {
  readonly id: string;
  readonly type: "stake" | "unstake";
  readonly amount: bigint;
}

/** Returns the stakes at genesis. */
export function heldAtGenesis({ validators }: Pick<Genesis, "validators">): Held {
  return new Map(validators.map(({ id, stake }) => [toHex(id), { ...none(), bonded: stake }]));
}

/** Returns the stakes after a block, read from its changes. */
export function heldAfter(before: Held, { changes }: StateTransition): Held {
  const held = copyHeld(before);
  for (const { key, after } of changes) {
    const [kind] = key;
    if (kind !== KEY_KIND.validator && kind !== KEY_KIND.unbonding) continue;
    const id = toHex(key.slice(1));
    const one = held.get(id) ?? none();
    held.set(id, one);
    if (kind === KEY_KIND.unbonding) {
      const entries = after === undefined ? [] : Unbonding.decode(after).entries;
      one.unbonding = entries.map((entry) => ({ ...entry }));
    } else if (after !== undefined) {
      const record = ValidatorRecord.decode(after);
      const { stake: bonded, slashed, offences } = record;
      Object.assign(one, { record, bonded, slashed, offences });
    }
  }
  return held;
}

/** Returns a copy of the held stakes that can be changed. */
export function copyHeld(held: Held): Held {
  const copyOf = (one: HeldStake): HeldStake => ({
    ...one,
    unbonding: one.unbonding.map((entry) => ({ ...entry })),
  });
  return new Map([...held].map(([id, one]) => [id, copyOf(one)]));
}

function none(): HeldStake {
  return { record: undefined, bonded: 0n, unbonding: [], slashed: 0n, offences: 0 };
}

/** Returns all micro-tokens of an account that are bonded or unbonding. */
export function allHeld(held: Held, id: string): bigint {
  const { bonded, unbonding } = held.get(id) ?? none();
  return unbonding.reduce((sum, { amount }) => sum + amount, bonded);
}

/**
 * Takes an amount from an account, or all that it holds if that is less: bonded stake first, then
 * unbonding stake, oldest first. Returns the amount taken.
 */
export function takeStake(held: Held, id: string, owed: bigint): bigint {
  const one = held.get(id) ?? none();
  held.set(id, one);
  let left = owed;
  const fromBonded = left > one.bonded ? one.bonded : left;
  one.bonded -= fromBonded;
  left -= fromBonded;
  for (const entry of one.unbonding) {
    const part = left > entry.amount ? entry.amount : left;
    entry.amount -= part;
    left -= part;
  }
  one.slashed += owed - left;
  return owed - left;
}

/** Adds one to the offences of an account. */
export function countOffence(held: Held, id: string): void {
  const one = held.get(id) ?? none();
  held.set(id, one);
  one.offences += 1;
}

/** Returns the calls of `stake` and `unstake` that had an effect, in the order of the block. */
export function movesIn(
  block: Block,
  receipts: readonly Receipt[],
  intents: { readonly stake: Digest; readonly unstake: Digest },
): readonly StakeMove[] {
  return block.items.map(itemProof).flatMap(({ body }, at): readonly StakeMove[] => {
    if (body.type !== "invoke" || receipts[at]?.outcome !== "applied") return [];
    const [call] = body.calls;
    if (call === undefined) return [];
    const isStake = equalBytes(call.intent, intents.stake);
    if (!isStake && !equalBytes(call.intent, intents.unstake)) return [];
    const [who, much] = call.arguments;
    if (who?.type !== "account" || much?.type !== "amount") return [];
    return [{ id: toHex(who.value), type: isStake ? "stake" : "unstake", amount: much.value }];
  });
}

/** Adds an amount to an account's bonded stake, or moves it from there to its unbonding stake. */
export function moveStake(held: Held, { id, type, amount }: StakeMove): void {
  const one = held.get(id) ?? none();
  held.set(id, one);
  if (type === "stake") one.bonded += amount;
  else {
    one.bonded -= amount;
    one.unbonding.push({ amount, freeAt: 0 });
  }
}

/**
 * Releases the parts of unbonding stake whose `freeAt` an epoch boundary has reached. Parts without
 * a `freeAt` stay.
 */
export function releaseAt(held: Held, boundaryMs: number): void {
  for (const one of held.values()) {
    one.unbonding = one.unbonding.filter(({ freeAt }) => freeAt === 0 || freeAt > boundaryMs);
  }
}

/**
 * Describes the amounts of an account, for comparison. Into how many parts stake unbonds, and until
 * when, is left out.
 */
export function describeHeld(one: HeldStake | undefined): string {
  const { bonded, unbonding, slashed, offences } = one ?? none();
  const locked = unbonding.reduce((sum, { amount }) => sum + amount, 0n);
  return `${bonded} bonded, ${locked} locked, ${slashed} slashed in ${offences}`;
}
