import { fromHex, toDigest, toHex, toSequence, toTimestamp } from "@aethel/models";
import type { Checkpoint } from "@aethel/pbft";
import { failure } from "../failure/failure.ts";

const FORM = /^(\d{1,15}):(?:0x)?([0-9a-fA-F]{64}):(\d{4}-.+Z)$/;

/**
 * Reads a checkpoint in the form `SEQUENCE:DIGEST:TIME`, which operators exchange. The time is when
 * the operator stated it, not the time of the block.
 * @throws NodeError `USAGE`.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [, sequence = "", digest = "", time = ""] = FORM.exec(text) ?? [];
  const statedAt = Date.parse(time);
  if (sequence !== "" && Number.isSafeInteger(statedAt) && statedAt >= 0) {
    return {
      sequence: toSequence(Number(sequence)),
      digest: toDigest(fromHex(digest.toLowerCase())),
      statedAt: toTimestamp(statedAt),
    };
  }
  const next =
    "give SEQUENCE:DIGEST:TIME, as `aethel checkpoint` prints it on a node that you trust";
  throw failure("USAGE", `${text} is no checkpoint`, next);
}

/** Writes a checkpoint in the form that `parseCheckpoint` reads. */
export function formatCheckpoint({ sequence, digest, statedAt }: Checkpoint): string {
  return `${sequence}:${toHex(digest)}:${new Date(statedAt).toISOString()}`;
}
