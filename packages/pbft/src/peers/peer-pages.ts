import { type Sequence, toHex } from "@aethel/models";
import type { PeerName } from "../ports.ts";

/**
 * Kind of an answer by its size: a head (small) or blocks (large). Times are recorded for each kind
 * separately.
 */
export type AnswerKind = "small" | "large";

/** Record of how one peer answers. */
export interface PeerPage {
  readonly times: Record<AnswerKind, readonly number[]>;
  readonly strikes: number;
  readonly passedOverUntil: number;
  readonly distrustedUntil: number;
  readonly good: number;
  readonly open: number;
  readonly height: Sequence | undefined;
  readonly oldest: Sequence | undefined;
}

/**
 * Most peers that are remembered. The peer that was not heard of for longest is forgotten first.
 */
const PEERS_MAX = 1_024;

const EMPTY: PeerPage = {
  times: { small: [], large: [] },
  strikes: 0,
  passedOverUntil: 0,
  distrustedUntil: 0,
  good: 0,
  open: 0,
  height: undefined,
  oldest: undefined,
};

/** Records of how peers answer. */
export interface PeerPages {
  of(peer: PeerName): PeerPage;
  write(peer: PeerName, change: Partial<PeerPage>): void;
  /**
   * Returns the lowest of the peers' median times that is left when the lowest third of `count` of
   * them is ignored. `guess` is taken for peers that have not answered.
   */
  lowerThird(kind: AnswerKind, options: { readonly count: number; readonly guess: number }): number;
}

/** Creates an empty set of records of how peers answer. */
export function createPeerPages(): PeerPages {
  const pages = new Map<string, PeerPage>();
  const of = (peer: PeerName): PeerPage => pages.get(toHex(peer)) ?? EMPTY;
  return {
    of,
    write(peer, change) {
      const name = toHex(peer);
      const page = { ...of(peer), ...change };
      pages.delete(name);
      pages.set(name, page);
      for (const [oldest, { open }] of pages) {
        if (pages.size <= PEERS_MAX) break;
        if (open === 0) pages.delete(oldest);
      }
    },
    lowerThird(kind, { count, guess }) {
      const third = Math.floor(count / 3);
      const medians = [...pages.values()].flatMap(({ times }) =>
        times[kind].length === 0 ? [] : [median(times[kind])],
      );
      const missing = Math.max(0, third + 1 - medians.length);
      const all = [...medians, ...Array.from({ length: missing }, () => guess)];
      return all.toSorted((left, right) => left - right)[third] ?? guess;
    },
  };
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
