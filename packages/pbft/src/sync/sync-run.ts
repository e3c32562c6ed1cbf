import { type SnapshotHead, toHex, toSequence } from "@aethel/models";
import { pause } from "../peers/pause.ts";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { PeerName } from "../ports.ts";
import type { Asking, Judged } from "./asking.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { type FoundCheckpoint, makeCertain } from "./certain-header.ts";
import { chooseWay } from "./choice.ts";
import { fetchChunks } from "./chunk-fetch.ts";
import { findSnapshotHeadDefect } from "./head-defect.ts";
import { countSnapshots, type Gathered, gatherOffers } from "./offers.ts";
import { createSetAside, type SetAside } from "./set-aside.ts";
import { createSupporters } from "./supporters.ts";
import type { SnapshotSyncEvent } from "./sync-event.ts";
import type {
  SnapshotSyncLimits,
  SnapshotSyncOptions,
  SnapshotSyncResult,
  SnapshotSyncStop,
} from "./sync-options.ts";
import { findCheckpointHeader } from "./trusted-start.ts";

/** Parts of one run of a sync. */
export interface SyncWorld {
  readonly options: SnapshotSyncOptions;
  readonly limits: SnapshotSyncLimits;
  readonly asking: Asking;
  readonly clock: SteadyClock;
  readonly emit: (event: SnapshotSyncEvent) => void;
  readonly signal: AbortSignal;
}

/** Memory of one run. */
interface Run extends SyncWorld {
  readonly aside: SetAside;
  /** Heads of snapshots that are certain, by digest in hexadecimal. */
  readonly certain: Map<string, SnapshotHead>;
  found: FoundCheckpoint | undefined;
  isWayChosen: boolean;
  pauseMs: number;
  /** Milliseconds for which slow peers are awaited. They double, so that each is heard at last. */
  graceMs: number;
  atOnceMax: number;
}

/** Runs a sync until the state is imported, or until it cannot go on. */
export async function runSync(world: SyncWorld): Promise<SnapshotSyncResult> {
  const { limits, clock, signal } = world;
  const run: Run = {
    ...world,
    aside: createSetAside({ elapsed: () => clock.elapsed(), pauseMs: limits.pauseMs }),
    certain: new Map(),
    found: undefined,
    isWayChosen: false,
    pauseMs: limits.pauseMs,
    graceMs: limits.usualAnswerMs / 4,
    atOnceMax: limits.chunksAtOnceMax,
  };
  const missing = await findCheckpoint(run);
  if (missing !== undefined) return { type: "stopped", reason: missing };
  while (!signal.aborted) {
    const result = await tryOnce(run);
    if (typeof result !== "string") return result;
    if (result !== "again") await waitFor(run, result);
  }
  return { type: "stopped", reason: "aborted" };
}

/** Gets the header of the checkpoint, if one is above the own head. */
async function findCheckpoint(run: Run): Promise<SnapshotSyncStop | undefined> {
  const { options, limits, asking, signal } = run;
  const { checkpoint, own } = options;
  if (checkpoint === undefined || checkpoint.sequence <= own.header.sequence) return undefined;
  for (let rounds = 0; !signal.aborted && rounds < limits.checkpointRoundsMax; ) {
    if (asking.peers().length > 0) rounds += 1;
    const header = await findCheckpointHeader(asking, checkpoint);
    if (header !== undefined) {
      run.found = { checkpoint, header };
      return undefined;
    }
    await waitFor(run, `no peer has block ${checkpoint.sequence} as the checkpoint names it`);
  }
  return signal.aborted ? "aborted" : "checkpoint-missing";
}

/** Result of one attempt. A text: why there is a pause before the next one. */
type Attempt = SnapshotSyncResult | "again" | (string & {});

async function tryOnce(run: Run): Promise<Attempt> {
  const { options, emit, aside } = run;
  const own = options.own.header.sequence;
  const gathered = await gather(run);
  run.graceMs = Math.min(run.limits.answerMs, 2 * run.graceMs);
  const peers = gathered.claims.length;
  if (peers === 0) return "no peer answers";
  emit({ type: "offers", peers, snapshots: countSnapshots(gathered.offers) });
  const unfinished = options.sink.unfinished?.();
  const candidates = candidatesOf(gathered.offers, unfinished).filter(
    (each) => each.sequence > own && aside.isTried(each),
  );
  const [best] = candidates;
  const way = choose(run, gathered, best);
  if (way !== undefined) return way;
  if (best === undefined) return "no peer offers a snapshot";
  return tryCandidate(run, best);
}

/** Decides once between blocks and a snapshot. Undefined if the snapshot is to be fetched. */
function choose(run: Run, { claims }: Gathered, best: Candidate | undefined): Attempt | undefined {
  if (run.isWayChosen) return undefined;
  const { options, limits, emit } = run;
  const { blockMs, importBytesPerSecond } = limits;
  const own = options.own.header.sequence;
  const chosen = chooseWay({ own, claims, best, blockMs, importBytesPerSecond });
  const isPossible = chosen.way === "snapshot" || Number.isFinite(chosen.blocksMs);
  if (!isPossible) return "no peer offers a snapshot or keeps the next block";
  run.isWayChosen = true;
  emit(chosen);
  if (chosen.way === "snapshot") return undefined;
  return { type: "blocks", from: toSequence(own + 1) };
}

async function tryCandidate(run: Run, candidate: Candidate): Promise<Attempt> {
  const { options, aside, asking, emit, certain } = run;
  const name = toHex(candidate.digest);
  const known = certain.get(name);
  const head = known ?? (await fetchHead(run, candidate));
  if (head === undefined) {
    aside.forNow(candidate);
    return `no peer gives the block of snapshot ${candidate.sequence}`;
  }
  const certainty =
    known === undefined ? await makeCertain({ ...run, options }, head, run.found) : undefined;
  switch (certainty?.type) {
    case "refuted": {
      aside.forGood(candidate);
      for (const peer of candidate.peers.values()) asking.exclude(peer);
      const { sequence, digest, peers } = candidate;
      const { reason } = certainty;
      emit({ type: "snapshot-refuted", sequence, digest, peers: peers.size, reason });
      return "again";
    }
    case "unknown":
      aside.forNow(candidate);
      return certainty.reason;
    case "stopped":
      return certainty;
    case "certain":
      certain.set(name, head);
      emit({
        type: "header-certain",
        sequence: candidate.sequence,
        digest: candidate.digest,
        by: certainty.by,
      });
      return importState(run, candidate, head);
    case undefined:
      return importState(run, candidate, head);
  }
}

/** Gets the block of a snapshot from the peers that offer it. */
async function fetchHead(run: Run, candidate: Candidate): Promise<SnapshotHead | undefined> {
  const { options, asking } = run;
  const { sequence, digest, peers } = candidate;
  const { genesis, verify } = options;
  const gone = new Set<string>();
  const answer = await asking.ask<SnapshotHead>({
    request: { type: "snapshot-head", sequence },
    kind: "small",
    isUrgent: true,
    mayAsk: (peer) => peers.has(toHex(peer)) && !gone.has(toHex(peer)),
    onGone: (peer) => void gone.add(toHex(peer)),
    judge(response): Judged<SnapshotHead> {
      if (response.type !== "snapshot-head") {
        return { type: "wrong", reason: `it answers with ${response.type}` };
      }
      const reason = findSnapshotHeadDefect(response.head, { genesis, digest, verify });
      if (reason !== undefined) return { type: "wrong", reason };
      return { type: "taken", value: response.head };
    },
  });
  return answer?.value;
}

async function importState(run: Run, candidate: Candidate, head: SnapshotHead): Promise<Attempt> {
  const { options, asking, limits, signal } = run;
  const { sink } = options;
  const supporters = createSupporters(candidate);
  const over = new AbortController();
  const refreshing = refreshSupporters(run, over.signal, (gathered) => {
    supporters.learn(gathered.offers);
  });
  try {
    const fetched = await fetchChunks({ ...run, head, sink, supporters });
    if (fetched === "aborted") return { type: "stopped", reason: "aborted" };
    if (fetched === "complete") {
      await sink.finish();
      return { type: "done", head };
    }
  } finally {
    over.abort();
    await refreshing;
  }
  // On a slow line all chunks at once may take longer than one answer may.
  run.atOnceMax = Math.max(1, Math.floor(run.atOnceMax / 2));
  const isServed = [...candidate.peers.values()].some(
    (peer: PeerName) => supporters.has(peer) && !asking.isExcluded(peer),
  );
  if (!isServed) run.aside.forNow(candidate);
  run.pauseMs = limits.pauseMs;
  return signal.aborted ? "again" : `a chunk of snapshot ${candidate.sequence} came from no peer`;
}

/** Asks peers again and again which snapshots they serve, until the signal aborts. */
async function refreshSupporters(
  run: Run,
  signal: AbortSignal,
  learn: (gathered: Gathered) => void,
): Promise<void> {
  const { limits, clock } = run;
  const either = AbortSignal.any([signal, run.signal]);
  let waitMs = limits.pauseMs;
  while (!either.aborted) {
    await pause(clock, waitMs, either);
    if (either.aborted) return;
    learn(await gather({ ...run, signal: either }));
    waitMs = limits.offersIntervalMs;
  }
}

function gather(run: Run): Promise<Gathered> {
  const { transport, own } = run.options;
  return gatherOffers({ ...run, transport }, own.header.sequence);
}

async function waitFor(run: Run, reason: string): Promise<void> {
  const { emit, clock, limits, signal } = run;
  if (signal.aborted) return;
  emit({ type: "waiting", reason, pauseMs: run.pauseMs });
  await pause(clock, run.pauseMs, signal);
  run.pauseMs = Math.min(limits.pauseMaxMs, 2 * run.pauseMs);
}
