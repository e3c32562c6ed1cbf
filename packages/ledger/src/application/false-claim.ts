import {
  type Block,
  claimedEntries,
  FalseClaim,
  findFalseClaimDefect,
  itemProof,
  type LieAt,
  ModelsError,
  type Proof,
  proveListItem,
  type Resource,
  readAnnex,
} from "@aethel/models";
import type { Judgement } from "../programs/judge-port.ts";
import { encodeCounterexample } from "../slashing/counterexample.ts";

/**
 * Published source in a block whose annex calls the source `valid` or has no entry for it. If the
 * Judge refutes the source, the annex is false.
 */
export interface Suspect {
  /** Index of the source's item in the block. */
  readonly at: number;
  readonly proof: Proof;
  readonly source: Uint8Array;
  readonly resourceLimit: Resource;
  /** Entries of the annex that are false if the Judge refutes the source. */
  readonly lie: LieAt;
}

/**
 * Finds a refuted intent that a block's annex calls `valid` or leaves out. Returns an encoded
 * `FalseClaim`, which convicts everybody who voted for the block. `judgements[i]` is the judgement
 * of the proof in `items[i]`. Returns undefined if there is no such intent, or if the Judge's
 * counterexample cannot be encoded.
 */
export function findFalseClaim(
  block: Block,
  judgements: readonly (Judgement | undefined)[],
): Uint8Array | undefined {
  for (const suspect of suspectsIn(block)) {
    const claim = claimAbout(block, suspect, judgements[suspect.at]);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

/** Returns the suspects of a block, in the order of its items. */
export function suspectsIn(block: Block): readonly Suspect[] {
  const lieAbout = readAnnex(block.annex);
  return block.items.flatMap((item, at) => {
    const lie = lieAbout(at);
    const proof = lie === undefined ? undefined : readProof(item);
    if (lie === undefined || proof?.body.type !== "publish") return [];
    const { source, resourceLimit } = proof.body;
    return [{ at, proof, source, resourceLimit, lie }];
  });
}

function readProof(item: Block["items"][number]): Proof | undefined {
  try {
    return itemProof(item);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

/**
 * Returns the encoded claim that the annex is false about a suspected source. Undefined if the
 * judgement does not refute the source, or if the claim cannot be built.
 */
export function claimAbout(
  { header, items, annex }: Block,
  { at, proof, source, lie }: Suspect,
  judgement: Judgement | undefined,
): Uint8Array | undefined {
  if (judgement?.type !== "judged" || judgement.verdict !== "refuted") return undefined;
  const counterexample = encodeCounterexample(source, judgement);
  if (counterexample === undefined) return undefined;
  const bytes = items.map((one) => one.bytes);
  const proofPath = proveListItem(bytes, at);
  const claim = { proof, proofPath, entries: claimedEntries(annex, lie), counterexample };
  return findFalseClaimDefect(header, claim) === undefined ? FalseClaim.encode(claim) : undefined;
}
