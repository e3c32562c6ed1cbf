import { type Sequence, toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Size of an answer: a head, or blocks. The times of the two are kept apart. */
export type AnswerKind = "small" | "large";

/** Record of how fast each peer answers. Decides who is asked first, and when the next one is. */
export interface PeerBook {
  /**
   * Returns `peers` in the order in which they should be asked. A peer that was late or wrong goes
   * last for a while. After that it goes behind the peers without strikes if the request is urgent,
   * and before them if not, so that it is tried again.
   */
  order(
    peers: readonly PeerName[],
    options: { readonly hint?: PeerName | undefined; readonly isUrgent: boolean },
  ): readonly PeerName[];
  /**
   * Returns the usual milliseconds from question to answer: the lowest of the peers' medians after
   * leaving out the lowest third, so a third of the peers cannot set it.
   */
  usualMs(kind: AnswerKind): number;
  /** Whether a peer's last answers were right and in time, so that it is worth waiting for. */
  isProven(peer: PeerName): boolean;
  /** Returns the number of open requests to a peer, after adding `change`. */
  open(peer: PeerName, change?: number): number;
  /**
   * Records a right answer after `tookMs`. One that took far longer than usual is a strike (P9).
   */
  answered(peer: PeerName, kind: AnswerKind, tookMs: number): void;
  /**
   * Records that a peer was late, broke off or answered less than it could. It goes last for a
   * while, longer each time.
   */
  strike(peer: PeerName): void;
  /**
   * Records an answer that no honest peer gives: four strikes, and distrust until the pause after
   * them ends.
   */
  distrust(peer: PeerName): void;
  isDistrusted(peer: PeerName): boolean;
  /**
   * Returns the highest sequence that a peer claims to have finalized, raised to `claim`; undefined
   * if it has claimed none.
   */
  height(peer: PeerName, claim?: Sequence): Sequence | undefined;
}

/** Most answer times of each kind that are kept of a peer. */
const SAMPLES_MAX = 8;
/** Most peers that are remembered; the ones longest unheard of are forgotten first. */
const PEERS_MAX = 1_024;
/** Number of right answers in time after which half of a peer's strikes are taken back. */
const GOOD_FOR_PARDON = 8;
const STRIKES_MAX = 12;
/** Milliseconds below which times are noise of the machine. */
const NOISE_MS = 5;

interface Page {
  readonly times: Record<AnswerKind, readonly number[]>;
  readonly strikes: number;
  readonly passedOverUntil: number;
  readonly distrustedUntil: number;
  readonly good: number;
  readonly open: number;
  readonly height: Sequence | undefined;
}

const EMPTY: Page = {
  times: { small: [], large: [] },
  strikes: 0,
  passedOverUntil: 0,
  distrustedUntil: 0,
  good: 0,
  open: 0,
  height: undefined,
};

/**
 * Creates an empty book. A third of the peers can neither raise nor lower the usual time beyond
 * what honest peers need, and `initialMs` bounds it while few have answered.
 */
export function createPeerBook(options: {
  readonly now: () => number;
  /** Number of peers. */
  readonly count: () => number;
  /**
   * Milliseconds that an answer should take at most. The first guess is a quarter of it, and the
   * usual time is never more than twice as much.
   */
  readonly initialMs: number;
  /** Milliseconds for which one strike passes a peer over; twice as long for each further one. */
  readonly passOverMs: number;
  readonly passOverMaxMs: number;
}): PeerBook {
  const { now, count, initialMs, passOverMs, passOverMaxMs } = options;
  const pages = new Map<string, Page>();
  let turn = 0;

  const pageOf = (peer: PeerName): Page => pages.get(toHex(peer)) ?? EMPTY;
  const write = (peer: PeerName, change: Partial<Page>): void => {
    const name = toHex(peer);
    const page = { ...pageOf(peer), ...change };
    pages.delete(name);
    pages.set(name, page);
    for (const [oldest, { open }] of pages) {
      if (pages.size <= PEERS_MAX) break;
      if (open === 0) pages.delete(oldest);
    }
  };

  /**
   * Returns the lowest of the peers' medians after leaving out the lowest third. `guess` stands for
   * peers that have not answered.
   */
  const lowerThird = (kind: AnswerKind, guess: number): number => {
    const third = Math.floor(count() / 3);
    const medians = [...pages.values()].flatMap(({ times }) =>
      times[kind].length === 0 ? [] : [median(times[kind])],
    );
    const missing = Math.max(0, third + 1 - medians.length);
    const all = [...medians, ...Array.from({ length: missing }, () => guess)];
    return all.toSorted((left, right) => left - right)[third] ?? guess;
  };
  const usualMs = (kind: AnswerKind): number => {
    const small = lowerThird("small", initialMs / 4);
    const measured = kind === "small" ? small : lowerThird("large", 2 * small);
    return Math.max(1, Math.min(2 * initialMs, measured));
  };

  const strike = (peer: PeerName, weight = 1): number => {
    const strikes = Math.min(STRIKES_MAX, pageOf(peer).strikes + weight);
    const pause = Math.min(passOverMaxMs, passOverMs * 2 ** (strikes - 1));
    write(peer, { strikes, good: 0, passedOverUntil: now() + pause });
    return now() + pause;
  };

  return {
    usualMs,
    strike: (peer) => void strike(peer),
    distrust: (peer) => write(peer, { distrustedUntil: strike(peer, 4) }),
    isDistrusted: (peer) => now() < pageOf(peer).distrustedUntil,
    order(peers, { hint, isUrgent }) {
      turn += 1;
      const first = hint === undefined ? undefined : toHex(hint);
      const at = now();
      const ranked = peers.map((peer) => {
        const { strikes, passedOverUntil, open } = pageOf(peer);
        const name = toHex(peer);
        const retry = isUrgent ? 1 : -1;
        const rank = at < passedOverUntil ? 2 : strikes > 0 ? retry : 0;
        return { peer, rank, open, hinted: name === first ? 0 : 1, lot: lotOf(name, turn) };
      });
      return ranked
        .toSorted(
          (left, right) =>
            left.rank - right.rank ||
            left.hinted - right.hinted ||
            left.open - right.open ||
            left.lot - right.lot,
        )
        .map(({ peer }) => peer);
    },
    isProven(peer) {
      const { strikes, good, times } = pageOf(peer);
      // A head is told at once by who means to withhold blocks.
      return strikes === 0 && good > 0 && times.large.length > 0;
    },
    open(peer, change = 0) {
      const open = Math.max(0, pageOf(peer).open + change);
      if (change !== 0) write(peer, { open });
      return open;
    },
    answered(peer, kind, tookMs) {
      const isSlow = tookMs > 2 * usualMs(kind) + NOISE_MS;
      const { times, strikes, good } = pageOf(peer);
      const kept = [...times[kind], tookMs].slice(-SAMPLES_MAX);
      write(peer, { times: { ...times, [kind]: kept } });
      if (isSlow) return void strike(peer);
      const pardoned = good + 1 >= GOOD_FOR_PARDON;
      write(peer, {
        good: pardoned && strikes > 0 ? 0 : Math.min(GOOD_FOR_PARDON, good + 1),
        strikes: pardoned ? Math.floor(strikes / 2) : strikes,
      });
    },
    height(peer, claim) {
      const { height } = pageOf(peer);
      if (claim === undefined || (height !== undefined && height >= claim)) return height;
      write(peer, { height: claim });
      return claim;
    },
  };
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * Returns a pseudorandom number of a peer for this turn (FNV-1a). A peer that chooses its name
 * cannot choose its places with it.
 */
function lotOf(name: string, turn: number): number {
  let hash = 0x811c9dc5 ^ turn;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
