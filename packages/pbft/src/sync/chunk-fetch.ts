import { type SnapshotHead, toHex } from "@aethel/models";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { PathRange, PeerName, SnapshotSink } from "../ports.ts";
import type { Asking, Judged } from "./asking.ts";
import { createProgressMeter } from "./progress.ts";
import type { Supporters } from "./supporters.ts";
import type { SnapshotSyncEvent } from "./sync-event.ts";
import type { SnapshotSyncLimits } from "./sync-options.ts";

/** Result of fetching the chunks of one snapshot. `stalled`: a chunk came from no peer. */
export type ChunksFetched = "complete" | "stalled" | "aborted";

/**
 * Fetches all missing chunks of a snapshot whose header is certain, several at the same time and
 * each from any peer that offers the snapshot.
 */
export async function fetchChunks(options: {
  readonly head: SnapshotHead;
  readonly asking: Asking;
  readonly supporters: Supporters;
  readonly sink: SnapshotSink;
  readonly clock: SteadyClock;
  readonly limits: SnapshotSyncLimits;
  /** Most chunks that are requested at the same time. */
  readonly atOnceMax: number;
  readonly emit: (event: SnapshotSyncEvent) => void;
  readonly signal: AbortSignal;
}): Promise<ChunksFetched> {
  const { head, supporters, sink, clock, limits, signal } = options;
  const missing = await sink.begin(head);
  const { sequence } = head.header;
  const meter = createProgressMeter({ sequence, missing, elapsed: () => clock.elapsed() });
  const running = new Map<string, Promise<void>>();
  let [isBarren, toldAt] = [false, Number.NEGATIVE_INFINITY];

  const tell = (isForced: boolean): void => {
    const now = clock.elapsed();
    if (!isForced && now - toldAt < limits.progressIntervalMs) return;
    toldAt = now;
    options.emit(meter.read(sink.missing(), supporters.count()));
  };

  const fetchOne = async (range: PathRange): Promise<void> => {
    const accepted = await askChunk(options, range);
    if (accepted === undefined) {
      isBarren = true;
      return;
    }
    if (accepted.type === "accepted") meter.add(accepted);
    tell(false);
  };

  tell(true);
  // The first chunk may be the whole state: others are asked for when it does not cover theirs.
  let room = 1;
  while (!signal.aborted) {
    const open = sink.missing();
    if (open.length === 0 && running.size === 0) break;
    for (const range of open) {
      const name = toHex(range.from);
      if (isBarren || running.size >= room || running.has(name)) continue;
      const work = fetchOne(range).finally(() => running.delete(name));
      running.set(name, work);
    }
    if (running.size === 0) return "stalled";
    await Promise.race(running.values());
    room = options.atOnceMax;
  }
  await Promise.all(running.values());
  tell(true);
  return signal.aborted ? "aborted" : "complete";
}

type Accepted =
  | { readonly type: "accepted"; readonly entries: number; readonly bytes: number }
  | { readonly type: "repeated" };

/** Gets one chunk that the sink accepts. Undefined if no peer has it. */
async function askChunk(
  { head, asking, supporters, sink }: Parameters<typeof fetchChunks>[0],
  { from }: PathRange,
): Promise<Accepted | undefined> {
  const { sequence } = head.header;
  const name = toHex(from);
  const isMissing = (): boolean => sink.missing().some((range) => toHex(range.from) === name);
  const answer = await asking.ask<Accepted>({
    request: { type: "snapshot-chunk", sequence, from },
    kind: "large",
    isUrgent: sink.missing().length === 1,
    mayAsk: (peer: PeerName) => supporters.has(peer),
    onGone: (peer) => supporters.drop(peer),
    async judge(response): Promise<Judged<Accepted>> {
      if (response.type !== "snapshot-chunk") {
        return { type: "wrong", reason: `it answers with ${response.type}` };
      }
      // A chunk that began before this range may have covered its beginning meanwhile.
      if (!isMissing()) return { type: "taken", value: { type: "repeated" } };
      const verdict = await sink.accept(from, response.chunk);
      if (verdict.type === "refused") return { type: "wrong", reason: verdict.reason };
      return { type: "taken", value: verdict };
    },
  });
  return answer?.value;
}
