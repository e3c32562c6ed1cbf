import { assert, UNITS } from "@aethel/models";
import { shareOfBlock, type Use, useOf } from "@aethel/rewards";
import { createHeap, type Heap } from "../collections/heap.ts";
import type { BlockRoom } from "../metering/block-room.ts";
import type { Load } from "../metering/meter.ts";
import { type AuthorQueue, proofAt } from "../pending/author-queue.ts";
import {
  invokeFirst,
  judgedFirst,
  type Lane,
  laneOf,
  type PendingProof,
} from "../pending/pending.ts";
import type { ReadyHeads } from "../pending/ready-heads.ts";
import { fitsInto, isUnreckoned, needOf } from "./need.ts";

/**
 * Proofs for one block, one after the other. Each MUST be answered before the next is asked for,
 * and the mempool MUST not change in between.
 */
export interface Serving {
  /** The next proof to try; undefined when there is none left. */
  next(): PendingProof | undefined;
  /** It is in the block, and the block's room is less by what it took. */
  taken(): void;
  /**
   * It cannot be in this block, and so nothing of its author that comes after. `full`: only for
   * want of room; `refused`: not on this state. `needs`: what its record was found to take.
   */
  skipped(why: "full" | "refused", needs?: Load): void;
}

/**
 * Serves two lanes: invokes by fee per unit, judged proofs by difficulty. The lane that has used
 * the lesser part of its share of the block goes first; a use is what proofs really took, the
 * largest part of bytes, execution, judging and growth of the state. So each lane has its half if
 * it wants it, up to one proof, whatever waits in the other, and what a lane does not want is the
 * other's.
 *
 * Of each author only the next nonce is ever offered. What has no room is passed over, so that
 * smaller ones behind it come in, `LOOK_MAX` of a lane in all. A lane in which too many have to be
 * tried in vain is left: to find the right one among all that wait would take longer than the
 * block. So what a block costs depends on how much it takes, not on how much waits.
 */
export function serve(options: {
  readonly heads: ReadyHeads;
  readonly room: BlockRoom;
  readonly isServable: (pending: PendingProof) => boolean;
  readonly onSkipped: (queue: AuthorQueue, pending: PendingProof) => void;
}): Serving {
  const { heads, room, isServable, onSkipped } = options;
  const { version } = heads;
  const walks: Readonly<Record<Lane, Walk>> = { invoke: openWalk(), judged: openWalk() };
  const frontiers: Readonly<Record<Lane, Heap<Offer>>> = {
    invoke: createHeap((left, right) => invokeFirst(left.pending, right.pending)),
    judged: createHeap((left, right) => judgedFirst(left.pending, right.pending)),
  };
  const reach = (lane: Lane, at: number): void => {
    const queue = heads.lane(lane)[at];
    if (queue?.offered !== undefined) frontiers[lane].push({ queue, pending: queue.offered, at });
  };
  const pop = (lane: Lane): Offer | undefined => {
    const offer = frontiers[lane].pop();
    if (offer?.at !== undefined) {
      reach(lane, 2 * offer.at + 1);
      reach(lane, 2 * offer.at + 2);
    }
    return offer;
  };
  const best = (lane: Lane, left: Use): Offer | undefined => {
    const walk = walks[lane];
    while (isOpen(walk) && left.units >= LEAST_UNITS) {
      const offer = pop(lane);
      if (offer === undefined) return undefined;
      const { pending } = offer;
      const isTried = walk.compiled < room.all.units / COMPILED_PART || !isUnreckoned(pending);
      if (isTried && fitsInto(needOf(pending, room), left)) return offer;
      walk.passed += 1;
    }
    return undefined;
  };
  reach("invoke", 0);
  reach("judged", 0);
  let current: Offer | undefined;
  let before: Use = room.all;
  return {
    next: () => {
      assert(heads.version === version, "nothing changes while a block is served");
      before = room.left();
      const isCallsTurn = partOf("invoke", walks, room) <= partOf("judged", walks, room);
      const [first, other] = isCallsTurn
        ? (["invoke", "judged"] as const)
        : (["judged", "invoke"] as const);
      current = best(first, before) ?? best(other, before);
      return current?.pending;
    },
    taken: () => {
      if (current === undefined) return;
      const { pending, queue } = current;
      const walk = walks[laneOf(pending)];
      walk.full = 0;
      walk.used = sumOf(walk.used, before, room.left());
      const follower = proofAt(queue, pending.nonce + 1);
      if (follower === undefined || !isServable(follower)) return;
      frontiers[laneOf(follower)].push({ queue, pending: follower, at: undefined });
    },
    skipped: (why, needs) => {
      if (current === undefined) return;
      const { pending, queue } = current;
      const walk = walks[laneOf(pending)];
      if (why === "full") walk.full += 1;
      walk.total += 1;
      if (why === "full" && isUnreckoned(pending)) walk.compiled += pending.offer.units;
      if (needs !== undefined) pending.record = needs;
      if (why === "refused") onSkipped(queue, pending);
    },
  };
}

/**
 * A proof behind that many of its lane that were tried and have no room waits for the next block.
 * What does not fit by what is known of it is not tried at all.
 */
const FULL_MAX = 64;

/**
 * The same for all that were tried in vain: so a block does bounded work, whatever waits. A proof
 * that is refused could run when the block began; what it lacks now, one in this block has taken.
 */
const MISSED_MAX = 1_024;

/**
 * Proofs of a lane that are passed over for want of room: each takes a microsecond or two
 * (measured).
 */
const LOOK_MAX = 4_096;

/** One part of so many of a block's units is compiled in vain to learn what publications record. */
const COMPILED_PART = 4;

/** No proof takes fewer units: its place and its signature. */
const LEAST_UNITS = UNITS.proof + UNITS.signature;

/** A lane as it is walked along for one block. */
interface Walk {
  /** Sums of what its proofs took. */
  used: Use;
  /** Proofs that were tried and had no room, since the last that came in. */
  full: number;
  /** Proofs that were tried in vain. */
  total: number;
  /** Proofs that were passed over. */
  passed: number;
  /** Units of what was compiled in vain. */
  compiled: number;
}

function openWalk(): Walk {
  const used: Use = { bytes: 0, units: 0, judging: 0, growth: 0 };
  return { used, full: 0, total: 0, passed: 0, compiled: 0 };
}

function isOpen({ full, total, passed }: Walk): boolean {
  return full < FULL_MAX && total < MISSED_MAX && passed < LOOK_MAX;
}

/** Part of its share that a lane has used, in billionths. */
function partOf(lane: Lane, walks: Readonly<Record<Lane, Walk>>, { all }: BlockRoom): bigint {
  const { used } = walks[lane];
  return useOf({ ...used, growth: Math.max(0, used.growth) }, shareOfBlock(lane, all));
}

/** Adds what the block has less than before to what was used. */
function sumOf(used: Use, before: Use, left: Use): Use {
  return {
    bytes: used.bytes + before.bytes - left.bytes,
    units: used.units + before.units - left.units,
    judging: used.judging + before.judging - left.judging,
    growth: used.growth + before.growth - left.growth,
  };
}

interface Offer {
  readonly queue: AuthorQueue;
  readonly pending: PendingProof;
  /** Where the queue stands in its lane; undefined for what follows on something served. */
  readonly at: number | undefined;
}
