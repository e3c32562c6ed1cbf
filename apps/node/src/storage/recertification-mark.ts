import type { RootDatabase } from "lmdb";
import { type Bytes, ONLY, sequenceIn, sequenceKey } from "./tables.ts";

/**
 * Marks that the certificates in a state that came as a snapshot of the block at `sequence` have
 * not been checked here. MUST be called inside a transaction.
 */
export function markUnchecked(root: RootDatabase, sequence: number): void {
  open(root).putSync(ONLY, sequenceKey(sequence));
}

/** Removes the mark. */
export function markChecked(root: RootDatabase): void {
  open(root).removeSync(ONLY);
}

/** Returns the sequence of the snapshot whose certificates are to be checked, if there is one. */
export function uncheckedSnapshot(root: RootDatabase): number | undefined {
  const bytes = open(root).get(ONLY);
  return bytes === undefined ? undefined : sequenceIn(bytes);
}

function open(root: RootDatabase): Bytes {
  return root.openDB<Uint8Array, Uint8Array>({
    name: "recertification",
    encoding: "binary",
    keyEncoding: "binary",
  });
}
