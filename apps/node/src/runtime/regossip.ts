import { type Digest, hashProof, Proof, toHex } from "@aethel/models";

/** Repeated gossip of pending proofs, until they are final or have expired. */
export interface Regossip {
  /** Adds a proof that waits in the mempool. */
  add(proof: Proof): void;
  /** Removes a proof that is final, has expired, or left the mempool. */
  remove(hash: Digest): void;
  /** Makes all pending proofs be published again soon, because a new peer may know none of them. */
  connected(): void;
  /** Publishes the proofs whose waiting time is over. Called every `TICK_MS`. */
  tick(): void;
}

/** Milliseconds between checks for proofs that must be published again. */
export const TICK_MS = 1_000;
/**
 * Milliseconds before a proof is repeated for the first time. Gossip ignores repetitions within 8
 * s.
 */
const FIRST_MS = 10_000;
/**
 * Longest interval between repetitions of a proof, in milliseconds. Each interval is twice the one
 * before.
 */
const LONGEST_MS = 300_000;
/**
 * Most proofs that one tick publishes. `BYTES_PER_TICK_MAX`: most bytes of them, except that a
 * single proof may have more.
 */
const PER_TICK_MAX = 32;
const BYTES_PER_TICK_MAX = 524_288;

interface Told {
  readonly proof: Proof;
  readonly bytes: number;
  readonly dueAt: number;
  readonly waitMs: number;
}

/**
 * Creates the repeated gossip of pending proofs, without any proofs at first. Each proof is
 * published at growing intervals. One tick publishes a bounded number of them, the longest
 * unpublished first. So a proof that a node without peers received spreads once there are peers
 * (B35), and a stalled chain is not flooded. `publish` returns whether a peer received the proof.
 */
export function createRegossip(options: {
  readonly publish: (proof: Proof) => boolean;
  readonly now: () => number;
}): Regossip {
  const { publish, now } = options;
  // In the order of the next look: a published proof moves to the end.
  const waiting = new Map<string, Told>();
  return {
    add(proof) {
      const bytes = Proof.encode(proof).length;
      const dueAt = now() + FIRST_MS;
      waiting.set(toHex(hashProof(proof)), { proof, bytes, dueAt, waitMs: FIRST_MS });
    },
    remove(hash) {
      waiting.delete(toHex(hash));
    },
    connected() {
      // Not at once: a new peer has not subscribed to proofs yet.
      const soon = now() + TICK_MS;
      for (const [name, told] of waiting) {
        waiting.set(name, { ...told, dueAt: Math.min(told.dueAt, soon), waitMs: FIRST_MS });
      }
    },
    tick() {
      let [count, bytes] = [0, 0];
      for (const [name, told] of waiting) {
        if (told.dueAt > now()) continue;
        if (count >= PER_TICK_MAX || bytes + told.bytes > BYTES_PER_TICK_MAX) {
          if (count > 0) return;
        }
        // Without a peer the others need not be tried.
        if (!publish(told.proof)) return;
        [count, bytes] = [count + 1, bytes + told.bytes];
        const waitMs = Math.min(LONGEST_MS, 2 * told.waitMs);
        waiting.delete(name);
        waiting.set(name, { ...told, dueAt: now() + told.waitMs, waitMs });
      }
    },
  };
}

/** Starts the ticks. Returns the function that stops them. */
export function startRegossip(regossip: Regossip): () => void {
  const timer = setInterval(() => regossip.tick(), TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
