import { chooseAnchors } from "../outbound/choose-anchors.ts";
import { type Candidate, chooseOutbound, type OutboundSlot } from "../outbound/choose-outbound.ts";
import type { Session } from "../peers/sessions.ts";
import type { AddressBook } from "./address-book.ts";
import { groupOf } from "./address-rules.ts";
import { createAskingTimes } from "./asking-times.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";

/**
 * Loop that keeps this node connected to as many peers as it should dial. It asks the connected
 * peers for others, and dials those that `chooseOutbound` picks.
 */
export interface Keeper {
  /** Looks again soon, because something has changed. */
  wake(): void;
  stop(): void;
}

/** Parts of the transport that the loop uses. */
export interface KeeperOptions {
  readonly book: AddressBook;
  readonly limits: DiscoveryLimits;
  /** Returns milliseconds of a monotonic clock. */
  readonly now: () => number;
  sessions(): readonly Session[];
  /** Returns the peers that the records of validators name. */
  vouched(): readonly Candidate[];
  /** Dials a peer. Resolves when that has succeeded or failed. */
  dial(candidate: Candidate): Promise<void>;
  /** Asks a peer for others. Returns the number of peers that the book did not know before. */
  ask(session: Session): Promise<number>;
}

const SOON_MS = 20;
const TICK_MS = 1_000;
const IDLE_MS = 15_000;

/** Milliseconds after which a connection can become an anchor. */
const ANCHOR_LEAST_MS = 10 * 60_000;

/** Milliseconds before a peer that is not in the book is dialed again. */
const VOUCHED_PAUSE_MS = 30_000;

/** Creates the loop and starts it. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { book, limits, now } = options;
  const dialing = new Map<string, Candidate>();
  const asking = createAskingTimes({ limits, now });
  /** Times at which peers were dialed that are not in the book. */
  const dialedAt = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function schedule(delayMs: number): void {
    if (isStopped) return;
    clearTimeout(timer);
    timer = setTimeout(look, delayMs);
  }

  function look(): void {
    const sessions = options.sessions();
    const taken = slotsOf(sessions, book);
    const missing = limits.outboundMax - taken.length - dialing.size;
    for (const session of asking.due(sessions, missing > 0 ? "missing" : "enough")) {
      void ask(session);
    }
    if (missing > 0) for (const candidate of pick(sessions, taken)) void dial(candidate);
    protectAnchors(sessions, book, limits);
    schedule(missing > 0 ? TICK_MS : IDLE_MS);
  }

  function pick(
    sessions: readonly Session[],
    taken: readonly OutboundSlot[],
  ): readonly Candidate[] {
    const present = new Set([...sessions.map(({ peer }) => peer), ...dialing.keys()]);
    for (const [peer, at] of dialedAt) {
      if (now() - at >= VOUCHED_PAUSE_MS) dialedAt.delete(peer);
      else present.add(peer);
    }
    const candidates = [...options.vouched(), ...book.candidates()].filter(
      ({ peer = "" }) => !present.has(peer),
    );
    const underway = [...dialing].map(([peer, { address, source }]) => ({ peer, address, source }));
    const chosen = chooseOutbound({
      candidates,
      connected: [...taken, ...underway],
      slots: limits.outboundMax,
      groupOf,
      lot: Math.random,
    });
    return chosen.slice(0, Math.max(0, limits.dialsMax - dialing.size));
  }

  async function dial(candidate: Candidate): Promise<void> {
    const { peer = candidate.address } = candidate;
    dialing.set(peer, candidate);
    if (book.get(peer) === undefined) dialedAt.set(peer, now());
    book.dialed(peer);
    await options.dial(candidate);
    dialing.delete(peer);
    schedule(SOON_MS);
  }

  async function ask(session: Session): Promise<void> {
    const added = await options.ask(session);
    asking.answered(session, added);
    if (added > 0) schedule(SOON_MS);
  }

  schedule(SOON_MS);
  return {
    wake: () => schedule(SOON_MS),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Returns the slots that peers take which this node dialed. Those not in the book are configured. */
function slotsOf(sessions: readonly Session[], book: AddressBook): readonly OutboundSlot[] {
  const byPeer = new Map(
    sessions
      .filter(({ connection }) => connection.direction === "outbound")
      .map(({ peer, connection }) => [peer, connection.remoteAddr.toString()]),
  );
  return [...byPeer].map(([peer, address]) => {
    const source = book.get(peer)?.source ?? "bootstrap";
    return { peer, address, source: source === `peer ${peer}` ? "bootstrap" : source };
  });
}

function protectAnchors(
  sessions: readonly Session[],
  book: AddressBook,
  limits: DiscoveryLimits,
): void {
  const anchors = book.entries().filter(({ isAnchor }) => isAnchor);
  const connected = sessions
    .filter(({ connection }) => connection.direction === "outbound")
    .map(({ peer, connection, claim }) => ({
      peer,
      address: connection.remoteAddr.toString(),
      lastedMs: Date.now() - connection.timeline.open,
      isVouched: claim !== undefined,
    }));
  const chosen = chooseAnchors({
    connected,
    anchors: anchors.map(({ peer }) => peer),
    groupOf,
    count: limits.anchorsMax,
    leastMs: ANCHOR_LEAST_MS,
  });
  // Anchors that are away stay anchors while there is room.
  const kept = anchors.map(({ peer }) => peer).filter((peer) => !chosen.includes(peer));
  book.protect([...chosen, ...kept]);
}
