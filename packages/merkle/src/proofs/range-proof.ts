import { assert, compareBytes, equalBytes } from "@aethel/models";
import { type Hasher, nobleHasher } from "../hashing/hasher.ts";
import { DIGEST_LENGTH, isKeyLength, isValueLength } from "../limits.ts";
import { buildOutline, type OutlineNode } from "../outlines/outline.ts";
import { checkOutline, type OutlineRejection } from "../outlines/outline-check.ts";
import type { Span } from "../outlines/span.ts";
import { cursorOf } from "../tree/cursor.ts";
import { leavesFrom } from "../tree/leaves-from.ts";
import { createTree, type Entry, hasherOf, releaseTree, type Tree } from "../tree/tree.ts";

/**
 * All entries whose hashed keys are in a range, with an outline that proves that none is missing.
 */
export interface RangeProof {
  /** Entries in the order of the hashed keys. */
  readonly entries: readonly Entry[];
  readonly outline: readonly OutlineNode[];
}

/** Acceptance of a range proof, or the reason for its refusal. */
export type RangeVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: OutlineRejection };

/**
 * Makes the proof of all entries whose hashed keys are in `from .. to` (both of 32 bytes, both
 * included). All bytes are copies.
 */
export function proveRange(tree: Tree, { from, to }: Span): RangeProof {
  assert(from.length === DIGEST_LENGTH, "a range begins at 32 bytes");
  assert(to.length === DIGEST_LENGTH, "a range ends at 32 bytes");
  assert(compareBytes(from, to) <= 0, "a range ends where it begins or later");
  const { nodes, leaves } = buildOutline(tree, [{ from, to }]);
  const entries = leaves.map((leaf) => ({ key: leaf.key(), value: leaf.value() }));
  return { entries, outline: nodes };
}

/**
 * Verifies that the tree with this root has exactly the proof's entries under the hashed keys `from
 * .. to` (both included). The caller trusts the root. Never throws for arguments that have the
 * fields of their types.
 */
export function verifyRange({
  root,
  from,
  to,
  proof,
  hasher = nobleHasher,
}: Span & {
  readonly root: Uint8Array;
  readonly proof: RangeProof;
  readonly hasher?: Hasher;
}): RangeVerdict {
  const extended = extendByRange(createTree({ hasher }), { root, from, to, proof });
  if (typeof extended === "string") return { ok: false, reason: extended };
  releaseTree(extended);
  return { ok: true };
}

/**
 * Verifies a range proof, and adds its entries to the known part of the tree, which must not have
 * entries in the range. Returns the larger part, or the reason for a refusal.
 */
export function extendByRange(
  known: Tree,
  { root, from, to, proof }: Span & { readonly root: Uint8Array; readonly proof: RangeProof },
): Tree | OutlineRejection {
  const { entries, outline } = proof;
  const digests = [root, from, to];
  const hasLengths =
    digests.every((digest) => digest.length === DIGEST_LENGTH) &&
    entries.every(({ key, value }) => isKeyLength(key.length) && isValueLength(value.length));
  if (!hasLengths) return "length";
  if (compareBytes(from, to) > 0) return "not-asked";
  const part = known.update(entries);
  const reason =
    checkEntries({ part, from, to, entries }) ??
    checkOutline({ root, spans: [{ from, to }], part, nodes: outline });
  if (reason === undefined) return part;
  if (part !== known) releaseTree(part);
  return reason;
}

/** Checks that the entries are in the range and in strictly ascending order of their paths. */
function checkEntries(
  claim: Span & {
    readonly part: Tree;
    readonly entries: readonly Entry[];
  },
): OutlineRejection | undefined {
  const { part, from, to, entries } = claim;
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { digest } = hasherOf(part);
  // Compared with the order of the tree, which also finds repeated keys; only the ends are hashed.
  if (compareBytes(digest(first.key), from) < 0) return "not-asked";
  if (compareBytes(digest(last.key), to) > 0) return "not-asked";
  const leaves = leavesFrom(cursorOf(part), from);
  for (const { key } of entries) {
    const leaf = leaves.next();
    if (leaf.done === true || !equalBytes(leaf.value.key(), key)) return "order";
  }
  return undefined;
}
