import { concatBytes } from "@aethel/models";
import { accountId, type Infer, natural, struct, timestamp } from "@aethel/models/codec";

/** Queues of the state by the byte that names each in a key; only append. */
const LANES = ["falling", "rising", "seats", "keys", "releases"] as const;

/** Name of a queue. */
export type Lane = (typeof LANES)[number];

/** Position of the first entry of a queue, and of the one that will come next. */
const Ends = struct("Ends", { head: natural(8), tail: natural(8) });

export type Ends = Infer<typeof Ends>;

/** Counters of all queues, in one value of fixed size. */
export const Queues = struct("Queues", {
  /** Epoch boundaries at which something waited, modulo the number of orders of precedence. */
  turn: natural(1),
  /** Members whose power should become less: first of all at every second epoch boundary. */
  falling: Ends,
  /** Members whose power should become more. */
  rising: Ends,
  /** Accounts that should have power and are no members yet. */
  seats: Ends,
  /** Validators that asked for another consensus key. */
  keys: Ends,
  /** Unbonding stake with a date, in the order of dates. */
  releases: Ends,
});

export type Queues = Infer<typeof Queues>;

/** One entry of a queue. */
export const QueueEntry = struct("QueueEntry", {
  account: accountId,
  /** Time from which stake is free; 0 in the lanes that wait for an epoch boundary. */
  due: timestamp,
});

export type QueueEntry = Infer<typeof QueueEntry>;

/** Position of an account in a lane in which it can be only once. */
export const QueuePlace = struct("QueuePlace", { position: natural(8) });

export type QueuePlace = Infer<typeof QueuePlace>;

/** The part of a key that names an entry: ascending positions are ascending keys. */
export function entryName(lane: Lane, position: number): Uint8Array {
  const name = new Uint8Array(9);
  const view = new DataView(name.buffer);
  name[0] = LANES.indexOf(lane);
  view.setBigUint64(1, BigInt(position));
  return name;
}

/** The part of a key that names an account's place in a lane. */
export function placeName(lane: Lane, account: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(LANES.indexOf(lane)), account);
}
