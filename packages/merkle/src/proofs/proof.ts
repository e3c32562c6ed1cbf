import { equalBytes } from "@aethel/models";
import { bitAt } from "../hashing/path.ts";
import { checkKey } from "../limits.ts";
import { type Cursor, hashedCursorOf } from "../tree/cursor.ts";
import { hasherOf, type Tree } from "../tree/tree.ts";

/** What every proof has: the digests beside the way from the root to the place of the key. */
interface Siblings {
  /**
   * One for each inner node on the way, the root's first, 32 bytes each, an empty one included.
   * There are no direction bits: they are those of the hashed key, so no proof can claim others.
   */
  readonly siblings: readonly Uint8Array[];
}

/** Shows what a tree holds at one key: its value, or that it has none. */
export type MerkleProof =
  /** The key's leaf is there. */
  | ({ readonly type: "inclusion"; readonly value: Uint8Array } & Siblings)
  /** Nothing is there. */
  | ({ readonly type: "empty-slot" } & Siblings)
  /** Another key's leaf is there, alone in its subtree, so this key is not in it. */
  | ({
      readonly type: "other-leaf";
      /** SHA-256 of the other key. */
      readonly path: Uint8Array;
      /** SHA-256 of the other key's value. */
      readonly valueDigest: Uint8Array;
    } & Siblings);

/**
 * The proof of what `tree` holds at `key`. All bytes are copies.
 * @throws MerkleError `KEY_LENGTH`.
 */
export function prove(tree: Tree, key: Uint8Array): MerkleProof {
  checkKey(key);
  const hasher = hasherOf(tree);
  const path = hasher.digest(key);
  const siblings: Uint8Array[] = [];
  let place: Cursor = hashedCursorOf(tree);
  for (let depth = 0; place.type === "inner"; depth++) {
    const [left, right]: readonly [Cursor, Cursor] = [place.left(), place.right()];
    const goesRight = bitAt(path, depth) === 1;
    siblings.push((goesRight ? left : right).digest());
    place = goesRight ? right : left;
  }
  if (place.type === "empty") return { type: "empty-slot", siblings };
  const value = place.value();
  if (equalBytes(place.key(), key)) return { type: "inclusion", siblings, value };
  return { type: "other-leaf", siblings, path: place.path(), valueDigest: hasher.digest(value) };
}
