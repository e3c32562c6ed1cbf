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

/** Published source in a block, of which the annex does not say that it is not valid. */
interface Suspect {
  /** Index of its item. */
  readonly at: number;
  readonly proof: Proof;
  readonly source: Uint8Array;
  readonly resourceLimit: Resource;
  /** Entries of the annex that are a lie if the source is refuted. */
  readonly lie: LieAt;
}

/**
 * Finds a refuted intent of which a block's annex does not say so: it calls the intent `valid`, or
 * leaves it out. Returns the encoded claim that convicts everybody who votes for the block.
 * `judgements[i]` is the judgement of the proof in `items[i]`. Returns undefined if there is no such
 * intent, or if the Judge's counterexample cannot be encoded.
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

/** Options for the search of a block that nobody here has judged. */
export interface ClaimSearch {
  readonly judge: JudgePort;
  readonly parameters: Pick<ChainParameters, "blockResourceMax" | "proofResourceMax">;
  readonly signal: AbortSignal;
}

/**
 * Finds the same in a block that may have any other defect, so that no defect protects its voters.
 *
 * The Judge is asked about the suspected sources only, one at a time, and no more once it has used
 * what a valid block may use: somebody may send such a block only to make others judge it. A source
 * whose own limit is too low is judged again with the limit of the chain.
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

/** Returns what the Judge has used for an answer, at most. It rejects a text before it works on it. */
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

/** Returns the claim about a suspected source, if this judgement refutes it. */
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
