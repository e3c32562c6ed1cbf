import { type Sequence, toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/** Requests are timed apart by how much their answers weigh: a head, or blocks. */
export type AnswerKind = "small" | "large";

/** Record of each peer's pace: decides who is asked first, and when the next one is. */
export interface PeerBook {
  /**
   * `peers` in the order in which they should be asked. Who was late or wrong goes last for a
   * while; where nobody hurries, it is tried again first once that time is over.
   */
  order(
    peers: readonly PeerName[],
    options: { readonly hint?: PeerName | undefined; readonly isUrgent: boolean },
  ): readonly PeerName[];
  /** The usual time from question to answer: of each peer's median, one that a third cannot set. */
  usualMs(kind: AnswerKind): number;
  /** Whether its last answers were right and in time, so that it is worth waiting for. */
  isProven(peer: PeerName): boolean;
  /** Number of open requests to a peer; `change` is added first. */
  open(peer: PeerName, change?: number): number;
  /** A right answer after so long. One that took far longer than is usual is a strike (P9). */
  answered(peer: PeerName, kind: AnswerKind, tookMs: number): void;
  /** It was late, broke off or answered less than it could: passed over, longer each time. */
  strike(peer: PeerName): void;
  /** It answered what no honest peer answers: four strikes, and not asked at all meanwhile. */
  distrust(peer: PeerName): void;
  isDistrusted(peer: PeerName): boolean;
  /** The highest sequence that it claims to have finalized; `claim` may raise it. */
  height(peer: PeerName, claim?: Sequence): Sequence | undefined;
}

/** Answer times of each kind that are kept of a peer. */
const SAMPLES_MAX = 8;
/** Peers that are remembered; the ones longest unheard of go first. */
const PEERS_MAX = 1_024;
/** Right answers in time that take back half of the strikes. */
const GOOD_FOR_PARDON = 8;
const STRIKES_MAX = 12;
/** Times below this are noise of the machine. */
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
 * A book that knows nobody. A third of the peers can neither raise nor lower what counts as usual
 * beyond what honest ones need, and `initialMs` bounds it while few were heard.
 */
export function createPeerBook(options: {
  readonly now: () => number;
  /** Number of peers. */
  readonly count: () => number;
  /**
   * Longest that an answer should take: a quarter of it is guessed, twice as much is never usual.
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

  /** The median that more than a third do not undercut; a guess stands for peers not heard yet. */
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

/** A lot of the peer's in this turn: who chooses its name cannot choose its places (FNV-1a). */
function lotOf(name: string, turn: number): number {
  let hash = 0x811c9dc5 ^ turn;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}
