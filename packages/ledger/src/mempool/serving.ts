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
 * Sequence of proofs for one block. The caller MUST answer each proof with `taken` or `skipped`
 * before it requests the next, and the mempool MUST NOT change meanwhile.
 */
export interface Serving {
  /** Returns the next proof to try. Undefined when none is left. */
  next(): PendingProof | undefined;
  /**
   * Reports that the last proof is in the block. The caller has already subtracted what the proof
   * took from the block's remaining resources.
   */
  taken(): void;
  /**
   * Reports that the last proof, and so every later proof of its author, cannot be in this block.
   * `full`: the block has too little left. `refused`: the state does not allow it. `needs`: the
   * resources that its record takes, if the caller found them out.
   */
  skipped(why: "full" | "refused", needs?: Load): void;
}

/**
 * Serves two lanes: invokes by price, judged proofs by difficulty. The next proof is from the lane
 * that has used the smaller part of its share of the block. The use of a lane is the largest of
 * four parts: bytes, execution, judging, and growth of the state. So each lane gets its half if it
 * has enough proofs, give or take one proof, and the other lane gets the rest.
 *
 * Only the next nonce of each author is offered. If a proof does not fit, smaller proofs behind it
 * are tried, up to `LOOK_MAX` in a lane. A lane with too many failed tries is abandoned, since a
 * search of all waiting proofs would take longer than the block. So the time for building a block
 * depends on its content, not on the number of waiting proofs.
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
  const frontiers: Readonly<Record<Lane, Frontier>> = {
    invoke: openFrontier(heads, "invoke"),
    judged: openFrontier(heads, "judged"),
  };
  let current: Offer | undefined;
  let before: Use = room.all;
  return {
    next: () => {
      assert(heads.version === version, "nothing changes while a block is served");
      before = room.left();
      const best = (lane: Lane): Offer | undefined =>
        bestOf(frontiers[lane], walks[lane], { room, left: before });
      const isCallsTurn = partOf("invoke", walks, room) <= partOf("judged", walks, room);
      current = isCallsTurn
        ? (best("invoke") ?? best("judged"))
        : (best("judged") ?? best("invoke"));
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
      frontiers[laneOf(follower)].add({ queue, pending: follower, at: undefined });
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
 * Search for the best offers of a lane (invokes or judged proofs), from the best one down. An offer
 * is an author's next proof with its price.
 */
interface Frontier {
  /** Removes and returns the best offer. Undefined if none is left. */
  pop(): Offer | undefined;
  add(offer: Offer): void;
}

/** Opens the frontier of a lane with the root of its heap of authors. */
function openFrontier(heads: ReadyHeads, lane: Lane): Frontier {
  const isFirst = lane === "invoke" ? invokeFirst : judgedFirst;
  const offers: Heap<Offer> = createHeap((left, right) => isFirst(left.pending, right.pending));
  const reach = (at: number): void => {
    const queue = heads.lane(lane)[at];
    if (queue?.offered !== undefined) offers.push({ queue, pending: queue.offered, at });
  };
  reach(0);
  return {
    add: (offer) => offers.push(offer),
    pop: () => {
      const offer = offers.pop();
      if (offer?.at !== undefined) {
        reach(2 * offer.at + 1);
        reach(2 * offer.at + 2);
      }
      return offer;
    },
  };
}

/**
 * Returns the best offer of a lane that fits into the rest of the block. Drops the better offers
 * that do not fit. Undefined if none fits or the lane's bound on tries is reached.
 */
function bestOf(
  frontier: Frontier,
  walk: Walk,
  { room, left }: { readonly room: BlockRoom; readonly left: Use },
): Offer | undefined {
  while (isOpen(walk) && left.units >= LEAST_UNITS) {
    const offer = frontier.pop();
    if (offer === undefined) return undefined;
    const { pending } = offer;
    const isTried = walk.compiled < room.all.units / COMPILED_PART || !isUnreckoned(pending);
    if (isTried && fitsInto(needOf(pending, room), left)) return offer;
    walk.passed += 1;
  }
  return undefined;
}

/**
 * Most proofs of a lane in a row that are tried and do not fit. A proof that is known in advance
 * not to fit is not tried.
 */
const FULL_MAX = 64;

/**
 * Most failed tries of a lane in one block. This bounds the work for a block. A try can also fail
 * because an earlier proof of the block spent what this proof needs.
 */
const MISSED_MAX = 1_024;

/**
 * Most proofs of a lane that are skipped without a try because they are known not to fit. Each
 * takes a microsecond or two (measured).
 */
const LOOK_MAX = 4_096;

/**
 * Divisor of a block's execution units. In each lane, about that part of them may be spent on
 * publications that then do not fit: the size of their record is known only after compiling.
 */
const COMPILED_PART = 4;

/** Least execution units of any proof: a fixed part and one signature. */
const LEAST_UNITS = UNITS.proof + UNITS.signature;

/** Progress of choosing proofs of one lane (invokes or judged proofs) for a block. */
interface Walk {
  /** Sum of the block resources that the lane's proofs have used. */
  used: Use;
  /** Number of proofs in a row that were tried and did not fit. */
  full: number;
  /** Number of proofs that were tried and failed, for any reason. */
  total: number;
  /** Number of proofs that were skipped without a try, because they are known not to fit. */
  passed: number;
  /** Execution units of publications that were compiled and then did not fit. */
  compiled: number;
}

function openWalk(): Walk {
  const used: Use = { bytes: 0, units: 0, judging: 0, growth: 0 };
  return { used, full: 0, total: 0, passed: 0, compiled: 0 };
}

function isOpen({ full, total, passed }: Walk): boolean {
  return full < FULL_MAX && total < MISSED_MAX && passed < LOOK_MAX;
}

/** Returns the used part of a lane's share of the block, in billionths. */
function partOf(lane: Lane, walks: Readonly<Record<Lane, Walk>>, { all }: BlockRoom): bigint {
  const { used } = walks[lane];
  return useOf({ ...used, growth: Math.max(0, used.growth) }, shareOfBlock(lane, all));
}

/**
 * Adds what was used between two measurements of a block's remaining resources to an earlier use.
 */
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
  /**
   * Position of the author's queue in the heap of its lane. Undefined for a proof that is offered
   * because the author's proof before it was served.
   */
  readonly at: number | undefined;
}
