import { concatBytes } from "@aethel/models";
import { accountId, type Infer, natural, struct, timestamp } from "@aethel/models/codec";

/** Names of the queues; the position is the byte in keys, so names may only be appended. */
const LANES = ["falling", "rising", "seats", "keys", "releases"] as const;

/** Name of a queue. */
export type Lane = (typeof LANES)[number];

/** Position of the first entry of a queue, and of the next one to append. */
const Ends = struct("Ends", { head: natural(8), tail: natural(8) });

export type Ends = Infer<typeof Ends>;

/** Counters of all queues, in one value of fixed size. */
export const Queues = struct("Queues", {
  /**
   * Number of epoch boundaries with waiting accounts, modulo the number of orders of precedence.
   */
  turn: natural(1),
  /** Members whose power should decrease: they come first at every second epoch boundary. */
  falling: Ends,
  /** Members whose power should increase. */
  rising: Ends,
  /** Accounts that should have power and are not members yet. */
  seats: Ends,
  /** Validators that requested another consensus key. */
  keys: Ends,
  /** Unbonding stake with a date, in the order of dates. */
  releases: Ends,
});

export type Queues = Infer<typeof Queues>;

/** Entry of a queue. */
export const QueueEntry = struct("QueueEntry", {
  account: accountId,
  /** Time from which stake is free; 0 in the lanes that wait for an epoch boundary. */
  due: timestamp,
});

export type QueueEntry = Infer<typeof QueueEntry>;

/** Position of an account in a lane that holds it at most once. */
export const QueuePlace = struct("QueuePlace", { position: natural(8) });

export type QueuePlace = Infer<typeof QueuePlace>;

/** Part of a key that names an entry; ascending positions give ascending keys. */
export function entryName(lane: Lane, position: number): Uint8Array {
  const name = new Uint8Array(9);
  const view = new DataView(name.buffer);
  name[0] = LANES.indexOf(lane);
  view.setBigUint64(1, BigInt(position));
  return name;
}

/** Part of a key that names an account's place in a lane. */
export function placeName(lane: Lane, account: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(LANES.indexOf(lane)), account);
}
