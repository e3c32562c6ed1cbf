import type { Sequence } from "@aethel/models";
import type { PathRange } from "../ports.ts";
import type { SyncProgress } from "./sync-event.ts";

/** Meter of an import: what is done, how fast, and how long the rest takes. */
export interface ProgressMeter {
  /** Counts an accepted chunk. */
  add(chunk: { readonly entries: number; readonly bytes: number }): void;
  read(missing: readonly PathRange[], peers: number): SyncProgress;
}

/** Milliseconds over which the rate is measured. */
const WINDOW_MS = 5_000;
/** Most samples in that window. */
const SAMPLES_MAX = 64;
/** Steps in which a share is told. */
const SHARE_STEPS = 2 ** 32;

/**
 * Creates a meter. Paths are digests, so the share of paths that is covered is the share of entries.
 * It needs no word of any peer about the size of the state.
 */
export function createProgressMeter(options: {
  readonly sequence: Sequence;
  readonly missing: readonly PathRange[];
  readonly elapsed: () => number;
}): ProgressMeter {
  const { sequence, elapsed } = options;
  const shareBefore = coveredShare(options.missing);
  const startedAt = elapsed();
  const total = { chunks: 0, entries: 0, bytes: 0 };
  const samples: { readonly at: number; readonly bytes: number }[] = [{ at: startedAt, bytes: 0 }];
  return {
    add({ entries, bytes }) {
      total.chunks += 1;
      total.entries += entries;
      total.bytes += bytes;
      const now = elapsed();
      samples.push({ at: now, bytes: total.bytes });
      while (samples.length > 2 && (samples.length > SAMPLES_MAX || isOld(samples[1], now))) {
        samples.shift();
      }
    },
    read(missing, peers) {
      const now = elapsed();
      const share = coveredShare(missing);
      const [first] = samples;
      const tookMs = now - (first?.at ?? now);
      const bytes = total.bytes - (first?.bytes ?? 0);
      const gained = share - shareBefore;
      const leftMs = gained > 0 ? ((1 - share) * (now - startedAt)) / gained : undefined;
      const bytesPerSecond = tookMs > 0 ? Math.round((bytes * 1_000) / tookMs) : 0;
      return { type: "progress", sequence, share, ...total, bytesPerSecond, leftMs, peers };
    },
  };
}

function isOld(sample: { readonly at: number } | undefined, now: number): boolean {
  return sample !== undefined && now - sample.at > WINDOW_MS;
}

/** Returns the share of all paths that no missing range has, from 0 to 1. */
export function coveredShare(missing: readonly PathRange[]): number {
  const open = missing.reduce((sum, { from, to }) => sum + (placeOf(to) - placeOf(from)), 0);
  // The last path is not quite at the end: what is left of it is nothing.
  return Math.round(Math.min(1, Math.max(0, 1 - open)) * SHARE_STEPS) / SHARE_STEPS;
}

/** Returns the position of a path among all paths, from 0 to 1. */
function placeOf(path: Uint8Array): number {
  let place = 0;
  for (let at = 5; at >= 0; at--) place = (place + (path[at] ?? 0)) / 256;
  return place;
}
