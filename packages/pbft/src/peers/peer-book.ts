import type { Sequence } from "@aethel/models";
import type { PeerName } from "../ports.ts";
import { inOrder } from "./peer-order.ts";
import { type AnswerKind, createPeerPages } from "./peer-pages.ts";

/**
 * Record of how fast each peer answers. It decides which peer is asked first, and when the next one
 * is asked.
 */
export interface PeerBook {
  /**
   * Returns `peers` in the order in which they should be asked. A peer that was late or wrong comes
   * last for a while. After that, it comes behind the peers without failures for an urgent request,
   * and before them for other requests, so that it gets another chance.
   */
  order(
    peers: readonly PeerName[],
    options: { readonly hint?: PeerName | undefined; readonly isUrgent: boolean },
  ): readonly PeerName[];
  /**
   * Returns the usual time from a request to its answer, in milliseconds: the lowest of the peers'
   * median times that is left when the lowest third of them is ignored. So a third of the peers
   * cannot set it.
   */
  usualMs(kind: AnswerKind): number;
  /**
   * Whether a peer's last answers were right and in time. For such a peer it is worth waiting
   * longer.
   */
  isProven(peer: PeerName): boolean;
  /** Adds `change` to the number of pending requests to a peer, and returns the number. */
  open(peer: PeerName, change?: number): number;
  /**
   * Records a right answer that took `tookMs` milliseconds. An answer that took far longer than
   * usual counts as a failure (P9).
   */
  answered(peer: PeerName, kind: AnswerKind, tookMs: number): void;
  /**
   * Records that a peer was late, broke off or answered less than it could. The peer then comes
   * last for a while, longer with each such failure.
   */
  strike(peer: PeerName): void;
  /**
   * Records an answer that no honest peer gives. It counts as four failures. The peer is distrusted
   * until the pause after these failures ends.
   */
  distrust(peer: PeerName): void;
  isDistrusted(peer: PeerName): boolean;
  /**
   * Returns the highest sequence that a peer has claimed to have finalized, `claim` included.
   * Undefined if it has claimed none.
   */
  height(peer: PeerName, claim?: Sequence): Sequence | undefined;
  /**
   * Returns the sequence below which a peer keeps no blocks, as it claimed last, `claim` included.
   * Undefined if it has claimed none.
   */
  oldest(peer: PeerName, claim?: Sequence): Sequence | undefined;
}

/** Most answer times of each kind that are remembered of a peer. */
const SAMPLES_MAX = 8;
/** Number of right answers in time after which half of a peer's recorded failures are removed. */
const GOOD_FOR_PARDON = 8;
const STRIKES_MAX = 12;
/** Milliseconds by which answers of the same speed can differ. */
const NOISE_MS = 5;

/**
 * Creates an empty book. A third of the peers can neither raise nor lower the usual time beyond
 * what honest peers need. While few have answered, `initialMs` bounds the usual time.
 */
export function createPeerBook(options: {
  readonly now: () => number;
  /** Returns the number of peers. */
  readonly count: () => number;
  /**
   * Most milliseconds that an answer should take. A quarter of it is the first guess of the usual
   * time, which is never more than twice `initialMs`.
   */
  readonly initialMs: number;
  /**
   * Milliseconds for which a peer comes last after one failure (an answer that is late, wrong or
   * broken off). They double with each further failure.
   */
  readonly passOverMs: number;
  readonly passOverMaxMs: number;
}): PeerBook {
  const { now, count, initialMs, passOverMs, passOverMaxMs } = options;
  const pages = createPeerPages();
  let turn = 0;

  const usualMs = (kind: AnswerKind): number => {
    const third = (of: AnswerKind, guess: number): number =>
      pages.lowerThird(of, { count: count(), guess });
    const small = third("small", initialMs / 4);
    const measured = kind === "small" ? small : third("large", 2 * small);
    return Math.max(1, Math.min(2 * initialMs, measured));
  };

  const strike = (peer: PeerName, weight = 1): number => {
    const strikes = Math.min(STRIKES_MAX, pages.of(peer).strikes + weight);
    const pause = Math.min(passOverMaxMs, passOverMs * 2 ** (strikes - 1));
    pages.write(peer, { strikes, good: 0, passedOverUntil: now() + pause });
    return now() + pause;
  };

  return {
    usualMs,
    strike: (peer) => void strike(peer),
    distrust: (peer) => pages.write(peer, { distrustedUntil: strike(peer, 4) }),
    isDistrusted: (peer) => now() < pages.of(peer).distrustedUntil,
    order(peers, { hint, isUrgent }) {
      turn += 1;
      const named = peers.map((peer) => ({ peer, page: pages.of(peer) }));
      return inOrder(named, { hint, isUrgent, at: now(), turn });
    },
    isProven(peer) {
      const { strikes, good, times } = pages.of(peer);
      // A head is told at once by who means to withhold blocks.
      return strikes === 0 && good > 0 && times.large.length > 0;
    },
    open(peer, change = 0) {
      const open = Math.max(0, pages.of(peer).open + change);
      if (change !== 0) pages.write(peer, { open });
      return open;
    },
    answered(peer, kind, tookMs) {
      const isSlow = tookMs > 2 * usualMs(kind) + NOISE_MS;
      const { times, strikes, good } = pages.of(peer);
      const kept = [...times[kind], tookMs].slice(-SAMPLES_MAX);
      pages.write(peer, { times: { ...times, [kind]: kept } });
      if (isSlow) return void strike(peer);
      const pardoned = good + 1 >= GOOD_FOR_PARDON;
      pages.write(peer, {
        good: pardoned && strikes > 0 ? 0 : Math.min(GOOD_FOR_PARDON, good + 1),
        strikes: pardoned ? Math.floor(strikes / 2) : strikes,
      });
    },
    height(peer, claim) {
      const { height } = pages.of(peer);
      if (claim === undefined || (height !== undefined && height >= claim)) return height;
      pages.write(peer, { height: claim });
      return claim;
    },
    oldest(peer, claim) {
      if (claim !== undefined) pages.write(peer, { oldest: claim });
      return pages.of(peer).oldest;
    },
  };
}
