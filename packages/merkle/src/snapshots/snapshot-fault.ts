import type { SnapshotRejection } from "../errors.ts";
import { MerkleError } from "../errors.ts";

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
