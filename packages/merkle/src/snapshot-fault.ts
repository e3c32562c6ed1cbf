import { MerkleError } from "./errors.ts";
import type { SnapshotRejection } from "./snapshot-rejection.ts";

export function snapshotFault(
  facts: {
    readonly index: number;
    readonly reason: SnapshotRejection;
    readonly detail: string;
  },
  options?: ErrorOptions,
): MerkleError {
  return new MerkleError({ code: "SNAPSHOT_CHUNK", ...facts }, options);
}
