import {
  type Block,
  type ChainParameters,
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
import type { Judgement, JudgePort } from "../programs/judge-port.ts";
import { encodeCounterexample } from "../slashing/counterexample.ts";

/**
 * Published source in a block whose annex calls the source `valid` or has no entry for it. If the
 * Judge refutes the source, the annex is false.
 */
interface Suspect {
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

/** Options for the search of a block whose proofs this node has not judged. */
export interface ClaimSearch {
  readonly judge: JudgePort;
  readonly parameters: Pick<ChainParameters, "blockResourceMax" | "proofResourceMax">;
  readonly signal: AbortSignal;
}

/**
 * Does the same as `findFalseClaim` for a block that was not judged and may have other defects. So
 * a second defect in a block does not protect those who voted for it.
 *
 * Asks the Judge about one suspected source after the other. Stops when the Judge has used as many
 * units as a valid block may use, since somebody may send such a block only to cause work. A source
 * that is `unknown` within its own limit is judged again with the chain's limit for a proof.
 */
export async function searchFalseClaim(
  block: Block,
  { judge, parameters, signal }: ClaimSearch,
): Promise<Uint8Array | undefined> {
  const { blockResourceMax, proofResourceMax } = parameters;
  let used = 0;
  for (const suspect of suspectsIn(block)) {
    const { source, resourceLimit } = suspect;
    const limits = resourceLimit < proofResourceMax ? [resourceLimit] : [];
    for (const limit of [...limits, proofResourceMax]) {
      if (used >= blockResourceMax || signal.aborted) return undefined;
      const options = { resourceLimit: limit, signal, patience: "watchdog" } as const;
      const judgement = await judge.check({ type: "publish", source }, options);
      used += usedBy(judgement, limit);
      const claim = claimAbout(block, suspect, judgement);
      if (claim !== undefined) return claim;
      if (judgement.type !== "judged" || judgement.verdict !== "unknown") break;
    }
  }
  return undefined;
}

/**
 * Returns the most units that the Judge can have used for an answer. A rejected text costs nothing,
 * because the Judge rejects it before it starts the solver.
 */
function usedBy(judgement: Judgement, limit: Resource): number {
  switch (judgement.type) {
    case "judged":
      return judgement.resource;
    case "rejected":
      return 0;
    case "abstained":
      return limit;
  }
}

function suspectsIn(block: Block): readonly Suspect[] {
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
function claimAbout(
  { header, items, annex }: Block,
  { at, proof, source, lie }: Suspect,
  judgement: Judgement | undefined,
): Uint8Array | undefined {
  if (judgement?.type !== "judged" || judgement.verdict !== "refuted") return undefined;
  const counterexample = encodeCounterexample(source, judgement.counterexample);
  if (counterexample === undefined) return undefined;
  const bytes = items.map((one) => one.bytes);
  const proofPath = proveListItem(bytes, at);
  const claim = { proof, proofPath, entries: claimedEntries(annex, lie), counterexample };
  return findFalseClaimDefect(header, claim) === undefined ? FalseClaim.encode(claim) : undefined;
}
