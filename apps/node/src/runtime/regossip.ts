import { type Digest, hashProof, Proof, toHex } from "@aethel/models";

/** Tells peers of pending proofs again, until they are final or have expired. */
export interface Regossip {
  /** A proof waits in the mempool. */
  add(proof: Proof): void;
  /** It is final, has expired, or was dropped. */
  remove(hash: Digest): void;
  /** A peer came, who may know of nothing. */
  connected(): void;
  /** Publishes what is due; called each `TICK_MS`. */
  tick(): void;
}

/** Interval at which it is looked whether a proof is due. */
export const TICK_MS = 1_000;
/** First time after which a proof is told again: gossip is silent on a repetition for 8 s. */
const FIRST_MS = 10_000;
/** Longest time; the times double. */
const LONGEST_MS = 300_000;
/** Proofs that are told again at one time, and their bytes. */
const PER_TICK_MAX = 32;
const BYTES_PER_TICK_MAX = 524_288;

interface Told {
  readonly proof: Proof;
  readonly bytes: number;
  readonly dueAt: number;
  readonly waitMs: number;
}

/**
 * Nothing waits. Each proof is told at growing intervals, and a bounded number at a time, those first
 * that wait longest: so a proof that was given to a node without peers is spread when there are some
 * (B35), and a stalled chain is not flooded. `publish` answers whether anybody heard it.
 */
export function createRegossip(options: {
  readonly publish: (proof: Proof) => boolean;
  readonly now: () => number;
}): Regossip {
  const { publish, now } = options;
  // In the order in which they are looked at: what was told goes to the end.
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
      // Not at once: who has just come has not said yet that it listens to proofs.
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
        // With nobody to hear it, the others need not be tried.
        if (!publish(told.proof)) return;
        [count, bytes] = [count + 1, bytes + told.bytes];
        const waitMs = Math.min(LONGEST_MS, 2 * told.waitMs);
        waiting.delete(name);
        waiting.set(name, { ...told, dueAt: now() + told.waitMs, waitMs });
      }
    },
  };
}

/** Ticks until it is stopped. */
export function startRegossip(regossip: Regossip): () => void {
  const timer = setInterval(() => regossip.tick(), TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
