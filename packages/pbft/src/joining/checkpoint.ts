import type { Digest, Sequence, Timestamp } from "@aethel/models";
import { type CheckpointProblem, PbftError } from "../errors.ts";

/** Block that a person whom the operator trusts has stated to be the head of the chain. */
export interface Checkpoint {
  readonly sequence: Sequence;
  readonly digest: Digest;
  /** Time of the statement. The age of the statement matters, not that of the block. */
  readonly statedAt: Timestamp;
}

/** Options for a replica whose head may be old when it starts. */
export interface JoiningOptions {
  readonly checkpoint?: Checkpoint;
  /**
   * Milliseconds for which a head or a checkpoint's statement is trusted. It must be less than the
   * unbonding period, see `trustedForMs` of `@aethel/pbft/light`. If undefined, no history counts
   * as old.
   */
  readonly trustedForMs?: number;
}

/**
 * Most blocks between a head and a checkpoint. The header of each is checked, and 32 bytes are kept
 * of each.
 */
export const PATH_MAX = 4_194_304;

/** Most milliseconds by which a checkpoint may be dated ahead of this machine's clock. */
const AHEAD_MS = 60_000;

/**
 * Checks that a checkpoint can be used.
 * @throws PbftError `CHECKPOINT` if it is too old, dated in the future, or too far ahead of the
 * head.
 */
export function checkCheckpoint(
  { checkpoint, trustedForMs }: JoiningOptions,
  at: { readonly now: number; readonly head: Sequence },
): void {
  if (checkpoint === undefined) return;
  const { sequence, statedAt } = checkpoint;
  const ageMs = at.now - statedAt;
  const refuse = (problem: CheckpointProblem): never => {
    const remedy = "ask an operator whom you trust for the head of a node that is in step, today";
    throw new PbftError({ code: "CHECKPOINT", sequence, problem, remedy });
  };
  if (ageMs < -AHEAD_MS) refuse({ type: "ahead", aheadMs: -ageMs });
  if (trustedForMs !== undefined && ageMs > trustedForMs) {
    refuse({ type: "old", ageMs, trustedForMs });
  }
  const blocks = sequence - at.head;
  if (blocks > PATH_MAX) refuse({ type: "far", blocks, head: at.head, blocksMax: PATH_MAX });
}
