import { type Root, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import type { Path } from "../hashing/path.ts";
import { seal, unseal } from "./sealed.ts";
import { damaged, type Slot, STAGED_KEY, type StoreContext } from "./store-context.ts";

/** Record of an unfinished import. `index` is the number of accepted chunks. */
export interface Staged {
  readonly version: number;
  readonly root: Root;
  readonly slot: Slot;
  readonly index: number;
  /** Path at which the next chunk begins. */
  readonly next: Path;
  /**
   * Whether entries of another tree are still being removed from the slot that the import writes
   * to.
   */
  readonly isClearing: boolean;
}

const FORMAT = 1;
const LENGTH = 1 + 8 + 32 + 1 + 4 + 32 + 1;

/**
 * Reads the record of the unfinished import. Undefined if there is none.
 *
 * @throws MerkleError `STORE_DAMAGED`.
 */
export function readStaged(store: StoreContext): Staged | undefined {
  const bytes = store.database.get(STAGED_KEY);
  if (bytes === undefined) return undefined;
  const staged = decodeStaged(bytes);
  if (staged === undefined)
    throw damaged(store, "the record of an import does not have the hash that was stored with it");
  return staged;
}

export function removeStaged({ database }: StoreContext): void {
  database.removeSync(STAGED_KEY);
}

/**
 * Writes the record of an unfinished import: format (1 byte), version (8, big-endian), root (32),
 * slot (1), index (4), next (32), whether the slot is being cleared (1), hash.
 */
export function writeStaged({ database }: StoreContext, staged: Staged): void {
  const { version, root, slot, index, next, isClearing } = staged;
  const parts = [
    Uint8Array.of(FORMAT),
    numberBytes(version, 8),
    root,
    Uint8Array.of(slot),
    numberBytes(index, 4),
    next,
    Uint8Array.of(isClearing ? 1 : 0),
  ];
  database.putSync(STAGED_KEY, seal(parts));
}

function decodeStaged(sealed: Uint8Array): Staged | undefined {
  const bytes = unseal(sealed);
  if (bytes?.length !== LENGTH || bytes[0] !== FORMAT) return undefined;
  const reader = createByteReader(bytes.subarray(1));
  const version = reader.number("version", 8);
  const root = toRoot(reader.bytes("root", 32));
  const slot = reader.number("slot", 1);
  const index = reader.number("index", 4);
  const next = reader.bytes("next", 32);
  const isClearing = reader.number("isClearing", 1) === 1;
  if (slot !== 0 && slot !== 1) return undefined;
  return { version, root, slot, index, next, isClearing };
}
