import type { RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { Ban, BanStore } from "./ban.ts";

/** Bans of one node. */
export interface Bans {
  /** Whether a peer id or an IP address is banned now. */
  readonly isBanned: (target: string) => boolean;
  /**
   * Notes an offence of a peer, and bans it: for `refusalMs` at first, and four times as long with
   * each further offence. `isValidator`: whether the peer has proven to be a validator of the set.
   * Its bans stay short, so that nobody can keep a validator away by making it look bad.
   */
  offence(peer: string, reason: RefusalReason, standing: { readonly isValidator: boolean }): Ban;
  /** Bans a peer id or an IP address on the order of the operator. */
  order(target: string, reason: string, forMs: number): Ban;
  /** Ends a ban, and forgets its offences. Returns false if there is none. */
  readonly lift: (target: string) => boolean;
  /** Returns the bans in force, those that end first at the beginning. */
  readonly list: () => readonly Ban[];
  /** Resolves when all changes so far are saved, or could not be. */
  readonly saved: () => Promise<void>;
}

/** Factor by which each further offence lengthens a ban. */
const ESCALATION = 4;
/** Milliseconds after the end of a ban for which its offences are remembered. */
const REMEMBERED_MS = 86_400_000;

/**
 * Creates the bans, with those that were saved. `now` returns milliseconds since 1970. At most
 * `bansMax` are kept; of the node's own, the one that ends first gives way. `onUnsaved` is called
 * when saving fails; the bans are in force anyway.
 */
export function createBans(options: {
  readonly limits: Pick<PeerLimits, "refusalMs" | "banMsMax" | "validatorBanMsMax" | "bansMax">;
  readonly saved: readonly Ban[];
  readonly store: BanStore | undefined;
  readonly now: () => number;
  readonly onUnsaved: (error: unknown) => void;
}): Bans {
  const { limits, store, now } = options;
  const bans = new Map(options.saved.slice(0, limits.bansMax).map((ban) => [ban.target, ban]));
  const saver = createSaver(async () => {
    await store?.save([...bans.values()]).catch(options.onUnsaved);
  });

  function prune(): void {
    for (const [target, { untilMs }] of bans) {
      if (untilMs + REMEMBERED_MS < now()) bans.delete(target);
    }
    while (bans.size > limits.bansMax) {
      const kept = [...bans.values()].toSorted(
        (left, right) => rank(left) - rank(right) || left.untilMs - right.untilMs,
      );
      if (kept[0] !== undefined) bans.delete(kept[0].target);
    }
  }

  function put(ban: Ban): Ban {
    bans.delete(ban.target);
    bans.set(ban.target, ban);
    prune();
    saver.changed();
    return ban;
  }

  function inForce(target: string): Ban | undefined {
    const ban = bans.get(target);
    return ban !== undefined && now() < ban.untilMs ? ban : undefined;
  }

  return {
    isBanned: (target) => inForce(target) !== undefined,
    offence(peer, reason, { isValidator }) {
      const current = inForce(peer);
      // An order of the operator lasts as long as it says.
      if (current?.by === "operator") return current;
      const times = 1 + (bans.get(peer)?.times ?? 0);
      const most = isValidator ? limits.validatorBanMsMax : limits.banMsMax;
      const forMs = Math.min(most, limits.refusalMs * ESCALATION ** Math.min(16, times - 1));
      const sinceMs = now();
      return put({ target: peer, sinceMs, untilMs: sinceMs + forMs, reason, by: "node", times });
    },
    order(target, reason, forMs) {
      const sinceMs = now();
      const times = bans.get(target)?.times ?? 0;
      return put({ target, sinceMs, untilMs: sinceMs + forMs, reason, by: "operator", times });
    },
    lift(target) {
      const was = inForce(target) !== undefined;
      if (bans.delete(target)) saver.changed();
      return was;
    },
    list: () =>
      [...bans.keys()]
        .flatMap((target) => inForce(target) ?? [])
        .toSorted((left, right) => left.untilMs - right.untilMs),
    saved: saver.saved,
  };
}

/** Saves after changes, one save at a time. Changes that come meanwhile are saved together. */
interface Saver {
  readonly changed: () => void;
  /** Resolves when all changes so far are saved. */
  readonly saved: () => Promise<void>;
}

function createSaver(save: () => Promise<void>): Saver {
  let saving: Promise<void> | undefined;
  let isStale = false;

  async function run(): Promise<void> {
    while (isStale) {
      isStale = false;
      await save();
    }
    saving = undefined;
  }

  return {
    changed() {
      isStale = true;
      saving ??= Promise.resolve().then(run);
    },
    async saved() {
      while (saving !== undefined) await saving;
    },
  };
}

/** Returns which bans give way first: those of the node, then those of the operator. */
function rank({ by }: Ban): number {
  return by === "node" ? 0 : 1;
}
