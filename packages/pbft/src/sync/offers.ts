import { type Sequence, toHex, toSequence } from "@aethel/models";
import { ask } from "../peers/ask.ts";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { PeerName, Transport } from "../ports.ts";
import type { Asking } from "./asking.ts";
import type { PeerOffers } from "./candidates.ts";
import type { BlocksClaim } from "./choice.ts";
import type { SnapshotSyncEvent } from "./sync-event.ts";
import type { SnapshotSyncLimits } from "./sync-options.ts";

/** Answers of peers about the snapshots and blocks that they serve. */
export interface Gathered {
  readonly offers: readonly PeerOffers[];
  readonly claims: readonly BlocksClaim[];
}

/** Parts of a sync that asking for offers uses. */
export interface GatheringWorld {
  readonly transport: Pick<Transport, "request">;
  readonly clock: SteadyClock;
  readonly asking: Asking;
  readonly limits: SnapshotSyncLimits;
  readonly emit: (event: SnapshotSyncEvent) => void;
  readonly signal: AbortSignal;
  /** Milliseconds for which the last third is awaited after the others have answered. */
  readonly graceMs: number;
}

/**
 * Asks peers for their heads and for the snapshots that they serve. Resolves when all have
 * answered, or `graceMs` after two thirds of them have. So a third that hangs costs little.
 */
export async function gatherOffers(world: GatheringWorld, known: Sequence): Promise<Gathered> {
  const { asking, limits, clock, signal, graceMs } = world;
  const peers = asking.peers().slice(0, limits.askedMax);
  const offers: PeerOffers[] = [];
  const claims: BlocksClaim[] = [];
  const limit = new AbortController();
  const abort = (): void => limit.abort();
  signal.addEventListener("abort", abort, { once: true });
  let answered = 0;
  let cancel: (() => void) | undefined;
  const questions = peers.map(async (peer) => {
    const said = await askOne(world, { peer, known, limit: limit.signal });
    if (said === undefined || limit.signal.aborted) return;
    offers.push({ peer, offers: said.offers });
    claims.push(said.claim);
    answered += 1;
    if (answered < (2 * peers.length) / 3) return;
    cancel ??= clock.schedule(graceMs, abort);
  });
  await Promise.all(questions);
  cancel?.();
  signal.removeEventListener("abort", abort);
  return { offers, claims };
}

interface Asked {
  readonly peer: PeerName;
  readonly known: Sequence;
  readonly limit: AbortSignal;
}

async function askOne(
  world: GatheringWorld,
  { peer, known, limit }: Asked,
): Promise<{ readonly offers: PeerOffers["offers"]; readonly claim: BlocksClaim } | undefined> {
  const { limits, clock, transport } = world;
  const own = new AbortController();
  const abort = (): void => own.abort();
  limit.addEventListener("abort", abort, { once: true });
  const of = { transport, clock, answerMs: limits.answerMs };
  const from = toSequence(known + 1);
  const [head, found] = await Promise.all([
    ask(of, peer, { type: "head", known }, own),
    ask(of, peer, { type: "snapshots", from }, own),
  ]);
  limit.removeEventListener("abort", abort);
  if (head?.type !== "head" || found?.type !== "snapshots") {
    tellSilent(world, peer, limit);
    return undefined;
  }
  const claim = { peer, head: head.sequence, oldest: head.oldest };
  // A block may become final between the two answers, so this is no proof of a lie.
  return { offers: found.offers.filter(({ sequence }) => sequence <= head.sequence), claim };
}

function tellSilent({ emit, signal }: GatheringWorld, peer: PeerName, limit: AbortSignal): void {
  if (signal.aborted) return;
  const reason = limit.aborted ? "the others have answered" : "it gave no usable answer in time";
  emit({ ...failureOf(peer), cause: limit.aborted ? "late" : "no-answer", reason });
}

function failureOf(peer: PeerName) {
  return { type: "attempt-failed", peer, request: "snapshots", chunk: undefined } as const;
}

/** Returns the number of different snapshots among offers. */
export function countSnapshots(offers: readonly PeerOffers[]): number {
  const names = offers.flatMap(({ offers: of }) =>
    of.map(({ sequence, digest }) => `${sequence} ${toHex(digest)}`),
  );
  return new Set(names).size;
}
