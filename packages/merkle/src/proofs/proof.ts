import { equalBytes } from "@aethel/models";
import { bitAt } from "../hashing/path.ts";
import { checkKey } from "../limits.ts";
import { type Cursor, hashedCursorOf } from "../tree/cursor.ts";
import { hasherOf, type Tree } from "../tree/tree.ts";

/** Siblings of the path from the root to the place of the key. */
interface Siblings {
  /**
   * Digests of 32 bytes, also of empty siblings: one for each inner node on the path, from the root
   * down. Whether each is left or right follows from the bits of the hashed key.
   */
  readonly siblings: readonly Uint8Array[];
}

/** Proof of the value of one key, or of its absence. */
export type MerkleProof =
  /** The path ends at the leaf of the key. */
  | ({ readonly type: "inclusion"; readonly value: Uint8Array } & Siblings)
  /** The path ends at an empty subtree. */
  | ({ readonly type: "empty-slot" } & Siblings)
  /** The path ends at the leaf of another key, which is the only key of its subtree. */
  | ({
      readonly type: "other-leaf";
      /** SHA-256 of the key of the leaf at which the path ends. */
      readonly path: Uint8Array;
      /** SHA-256 of the value of the leaf at which the path ends. */
      readonly valueDigest: Uint8Array;
    } & Siblings);

/**
 * Makes the proof for `key`: of its value, or of its absence. All bytes are copies.
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
