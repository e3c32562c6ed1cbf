import { type Root, toRoot } from "@aethel/models";
import { createByteReader } from "../bytes/byte-reader.ts";
import { numberBytes } from "../bytes/byte-writer.ts";
import { DIGEST_LENGTH } from "../limits.ts";
import { LANES, type Lanes, lastPathOf } from "./lanes.ts";
import { seal, unseal } from "./sealed.ts";
import { damaged, type Slot, STAGED_KEY, type StoreContext } from "./store-context.ts";

/** Record of an unfinished import. `index` is the number of accepted chunks. */
export interface Staged {
  readonly version: number;
  readonly root: Root;
  readonly slot: Slot;
  readonly index: number;
  readonly lanes: Lanes;
  /**
   * Whether the entries in the slot must be removed before the import begins: those of another
   * tree, or those of an import whose check failed.
   */
  readonly isClearing: boolean;
}

const FORMAT = 2;
const LENGTH = 1 + 8 + 32 + 1 + 4 + 1 + LANES * (1 + DIGEST_LENGTH);

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
 * slot (1), index (4), whether the slot is being cleared (1); for each lane whether entries are
 * missing (1) and the first missing path (32; the lane's last path if none is missing); hash.
 */
export function writeStaged({ database }: StoreContext, staged: Staged): void {
  const { version, root, slot, index, lanes, isClearing } = staged;
  const parts = [
    Uint8Array.of(FORMAT),
    numberBytes(version, 8),
    root,
    Uint8Array.of(slot),
    numberBytes(index, 4),
    Uint8Array.of(isClearing ? 1 : 0),
  ];
  for (const [lane, next] of lanes.entries()) {
    parts.push(Uint8Array.of(next === undefined ? 0 : 1), next ?? lastPathOf(lane));
  }
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
  const isClearing = reader.number("isClearing", 1) === 1;
  const lanes = Array.from({ length: LANES }, () => {
    const isMissing = reader.number("isMissing", 1) === 1;
    const next = reader.bytes("next", DIGEST_LENGTH);
    return isMissing ? next : undefined;
  });
  if (slot !== 0 && slot !== 1) return undefined;
  return { version, root, slot, index, lanes, isClearing };
}
