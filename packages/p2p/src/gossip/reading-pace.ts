import type { GossipSub } from "@libp2p/gossipsub";
import type { PeerLimits } from "../limits.ts";
import type { GossipKind, ObserversBudget, PeerBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { fieldOf, listOf, replaceInside } from "./inside-gossipsub.ts";

/**
 * Bytes that an RPC counts in addition to its own, and each entry in it. Decoding and handling one
 * takes as long as reading about this many bytes.
 */
const ENTRY_BYTES = 256;

/** Pace at which the gossip of each peer is read. */
export interface ReadingPace {
  /** Resolves when the next `bytes` of a peer may be read. They are paid by then. */
  readonly ready: (session: Session, bytes: number) => Promise<void>;
  /** Charges a peer for what it makes this node do or send, in bytes. The next reading waits. */
  charge(session: Session, bytes: number): void;
  /** Notes that an item of a peer is being checked. Returns the function that ends that. */
  checking(session: Session): () => void;
}

/** Creates the pace for one kind of gossip. */
export function createReadingPace(options: {
  readonly kind: GossipKind;
  readonly limits: PeerLimits;
  readonly observers: Pick<ObserversBudget, "gossip">;
  readonly isObserver: (session: Session) => boolean;
}): ReadingPace {
  const { kind, limits, observers, isObserver } = options;
  const waiting = new WeakMap<PeerBudget, Set<() => void>>();

  function owe(session: Session, bytes: number): number {
    const ownMs = session.budget.gossip[kind].owe(bytes);
    return isObserver(session) ? Math.max(ownMs, observers.gossip[kind].owe(bytes)) : ownMs;
  }

  async function hasRoom({ budget }: Session): Promise<void> {
    while (budget.checking >= limits.itemsCheckedMax) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiters = waiting.get(budget) ?? new Set();
      waiting.set(budget, waiters.add(resolve));
      await promise;
    }
  }

  return {
    async ready(session, bytes) {
      const waitMs = owe(session, bytes);
      if (waitMs > 0) await elapsed(waitMs);
      if (kind === "items") await hasRoom(session);
    },
    charge: (session, bytes) => void owe(session, bytes),
    checking({ budget }) {
      budget.checking += 1;
      return () => {
        budget.checking -= 1;
        const waiters = waiting.get(budget) ?? [];
        waiting.delete(budget);
        for (const wake of waiters) wake();
      };
    },
  };
}

/** Charges the sender of each RPC for its entries, in addition to the bytes of the stream. */
export function chargeEntries(
  gossip: GossipSub,
  { sessions, pace }: { readonly sessions: Pick<Sessions, "ofPeer">; readonly pace: ReadingPace },
): void {
  replaceInside(gossip, "handleReceivedRpc", (handle) => (from, rpc) => {
    const session = sessions.ofPeer(String(from));
    if (session === undefined) return Promise.resolve();
    pace.charge(session, ENTRY_BYTES * (1 + entriesOf(rpc)));
    return handle(from, rpc);
  });
}

/** Returns the number of entries of an RPC: messages, subscriptions, changes of a mesh and ids. */
function entriesOf(rpc: unknown): number {
  const control = fieldOf(rpc, "control");
  const withIds = ["ihave", "iwant", "idontwant"].flatMap((name) => listOf(control, name));
  const own = [listOf(rpc, "messages"), listOf(rpc, "subscriptions")];
  const mesh = [listOf(control, "graft"), listOf(control, "prune")];
  const lists = [...own, ...mesh, ...withIds.map((each) => listOf(each, "messageIDs"))];
  return lists.reduce((sum, list) => sum + list.length, withIds.length);
}

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
