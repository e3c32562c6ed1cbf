import type { Digest, Sequence, Timestamp } from "@aethel/models";
import { PbftError } from "../errors.ts";

/** A block that somebody whom the operator trusts has stated to be the head of the chain. */
export interface Checkpoint {
  readonly sequence: Sequence;
  readonly digest: Digest;
  /** When it was stated. Its age counts, not that of the block. */
  readonly statedAt: Timestamp;
}

/** How a replica that knows only old history joins. */
export interface JoiningOptions {
  readonly checkpoint?: Checkpoint;
  /**
   * How long a statement holds: less than the time that unbonding takes, see `trustedForMs` of
   * `@aethel/pbft/light`. Without it no history counts as old.
   */
  readonly trustedForMs?: number;
}

/** Blocks between a head and a checkpoint that are followed one by one; 32 bytes are kept of each. */
export const PATH_MAX = 4_194_304;

/** Checkpoints may be dated ahead of the own clock by this much. */
const AHEAD_MS = 60_000;

/** @throws PbftError `CHECKPOINT` when it is too old, dated in the future, or too far. */
export function checkCheckpoint(
  { checkpoint, trustedForMs }: JoiningOptions,
  at: { readonly now: number; readonly head: Sequence },
): void {
  if (checkpoint === undefined) return;
  const { sequence, statedAt } = checkpoint;
  const ageMs = at.now - statedAt;
  const remedy = "ask an operator whom you trust for the head of a node that is in step, today";
  if (ageMs < -AHEAD_MS) {
    const reason = `it is dated ${-ageMs} ms after this clock; one of the two dates is wrong`;
    throw new PbftError({ code: "CHECKPOINT", sequence, reason, remedy });
  }
  if (trustedForMs !== undefined && ageMs > trustedForMs) {
    const reason = `it is ${ageMs} ms old; who signed for it may have left after ${trustedForMs} ms`;
    throw new PbftError({ code: "CHECKPOINT", sequence, reason, remedy });
  }
  if (sequence - at.head > PATH_MAX) {
    const reason = `it is ${sequence - at.head} blocks above the head ${at.head}; at most ${PATH_MAX} are followed`;
    throw new PbftError({ code: "CHECKPOINT", sequence, reason, remedy });
  }
}
