import { equalBytes } from "../bytes.ts";
import { boundedBytes, type Codec, type Infer, list, struct } from "../codec/index.ts";
import { annexRoot } from "../consensus/block.ts";
import type { BlockHeader } from "../consensus/header.ts";
import { ANNEX_ENTRY_BYTES_MAX, COUNTEREXAMPLE_BYTES_MAX } from "../limits.ts";
import { ListProof, proveListItem, verifyListItem } from "../list-root.ts";
import { isLie, type LieAt } from "./annex.ts";
import { Proof } from "./proof.ts";

/**
 * Claim in evidence of a false header, for the ledger: the block has a proof that a concrete run
 * refutes, and the block's annex does not say so.
 *
 * `entries` are the entries of the annex that show the lie (see `isLie`). `counterexample` is in
 * the verifier's canonical form. Whether it refutes the proof is decided by the verifier's plain
 * evaluation; everything else is checked here.
 */
export const FalseClaim: Codec<{
  readonly proof: Proof;
  readonly proofPath: ListProof;
  readonly entries: readonly { readonly entry: Uint8Array; readonly path: ListProof }[];
  readonly counterexample: Uint8Array;
}> = struct("FalseClaim", {
  proof: Proof,
  proofPath: ListProof,
  entries: list(
    struct("ClaimedEntry", { entry: boundedBytes(ANNEX_ENTRY_BYTES_MAX), path: ListProof }),
    2,
  ),
  counterexample: boundedBytes(COUNTEREXAMPLE_BYTES_MAX),
});
export type FalseClaim = Infer<typeof FalseClaim>;

/**
 * Returns the entries of an annex that show a lie, with their Merkle paths, for a claim in
 * evidence.
 */
export function claimedEntries(annex: readonly Uint8Array[], lie: LieAt): FalseClaim["entries"] {
  return lie.flatMap((index) => {
    const entry = annex[index];
    return entry === undefined ? [] : [{ entry, path: proveListItem(annex, index) }];
  });
}

/** Reason why a claim in evidence does not fit the header that it calls false. */
export type FalseClaimDefect = "not-in-block" | "no-lie";

/**
 * Checks that the block with this header contains the proof and the entries, and that the entries
 * are a lie if the proof is refuted. Returns undefined if both hold.
 */
export function findFalseClaimDefect(
  header: Pick<BlockHeader, "payloadRoot" | "annexRoot">,
  { proof, proofPath, entries }: FalseClaim,
): FalseClaimDefect | undefined {
  const item = Proof.encode(proof);
  const hasProof = verifyListItem({ root: header.payloadRoot, item, proof: proofPath });
  const hasEntries =
    entries.length === 0
      ? equalBytes(header.annexRoot, annexRoot([]))
      : entries.every(({ entry, path }) =>
          verifyListItem({ root: header.annexRoot, item: entry, proof: path }),
        );
  if (!hasProof || !hasEntries) return "not-in-block";
  const shown = entries.map(({ entry, path: { index, count } }) => ({ entry, index, count }));
  return isLie(shown, proofPath.index) ? undefined : "no-lie";
}
