import {
  annexOf,
  annexRoot,
  type Block,
  blockDigest,
  callResultsOf,
  callResultsRoot,
  evidenceRoot,
  type FinalizedBlock,
  hashProof,
  LedgerHeader,
  type Proof,
  parentCertificateRoot,
  payloadRoot,
  proofItem,
  toDifficulty,
  toSequence,
  type VerificationResult,
  WIRE_VERSION,
} from "@aethel/models";
import { mintingDifficulty } from "@aethel/rewards";
import fc from "fast-check";
import { TEST_CHAIN } from "../fixtures/test-chain.ts";
import { TEST_PARAMETERS } from "../fixtures/test-genesis.ts";
import { evidences } from "./evidence.ts";
import { headers } from "./headers.ts";
import { type ChainOptions, proofs } from "./proofs.ts";
import { stateTransitions } from "./state-transitions.ts";
import { verificationResults } from "./verification-results.ts";
import { certificates } from "./votes.ts";

/**
 * Chain of the generated blocks, and the greatest numbers of proofs and of pieces of evidence in
 * one block.
 */
export interface BlockOptions extends ChainOptions {
  readonly proofsMax?: number;
  readonly evidenceMax?: number;
}

/** A block, and the results of its proofs, to which its header commits. */
export interface JudgedBlock {
  readonly block: Block;
  readonly results: readonly VerificationResult[];
}

/**
 * Blocks that `findBodyDefect` accepts: signed proofs, evidence, the commit certificate of the
 * parent, and a header with the real roots of these. State roots and supplies in the header are
 * those of an unrelated transition that conserves the supply: no ledger has executed the block.
 */
export function proofBlocks(options: BlockOptions = {}): fc.Arbitrary<Block> {
  return judgedBlocks(options).map(({ block }) => block);
}

/** Blocks as from `proofBlocks`, with the results to which their headers commit. */
export function judgedBlocks(options: BlockOptions = {}): fc.Arbitrary<JudgedBlock> {
  const { chain = TEST_CHAIN, proofsMax = 4, evidenceMax = 1 } = options;
  return headers({ chain }).chain((base) => {
    const parent = toSequence(base.sequence - 1);
    const certified = certificates({
      chain,
      phase: "commit",
      sequence: parent,
      digest: base.parent,
    });
    return fc
      .record({
        items: fc.array(judgedProofs({ chain }), { maxLength: proofsMax }),
        evidence: fc.array(evidences({ chain }), { maxLength: evidenceMax }),
        parentCertificate: parent === 0 ? fc.constant(undefined) : certified,
        transition: stateTransitions({ conserving: true }),
      })
      .map(({ items, evidence, parentCertificate, transition }) => {
        const listed = items.map(([proof]) => proof);
        const results = items.map(([proof, result]) => ({
          ...result,
          proofHash: hashProof(proof),
        }));
        const blockItems = listed.map(proofItem);
        const annex = annexOf(listed, results);
        const header = {
          ...base,
          payloadRoot: payloadRoot(blockItems),
          annexRoot: annexRoot(annex),
          evidenceRoot: evidenceRoot(evidence),
          parentCertificateRoot: parentCertificateRoot(parentCertificate),
          application: LedgerHeader.encode({
            callResultsRoot: callResultsRoot(callResultsOf(listed, results)),
            stateRootBefore: transition.rootBefore,
            stateRootAfter: transition.rootAfter,
            supplyBefore: transition.supplyBefore,
            supplyAfter: transition.supplyAfter,
            totalDifficulty: toDifficulty(
              results.reduce((sum, one) => sum + mintingDifficulty(one, TEST_PARAMETERS), 0),
            ),
            judgeVersion: 1,
          }),
        };
        const body = { items: blockItems, annex, evidence, parentCertificate };
        return { block: { version: WIRE_VERSION, header, ...body }, results };
      });
  });
}

/** Proofs, each with a result that a proof of its kind can have. */
function judgedProofs(options: ChainOptions): fc.Arbitrary<readonly [Proof, VerificationResult]> {
  return proofs(options).chain((proof) =>
    verificationResults({ kind: proof.body.type }).map((result) => [proof, result] as const),
  );
}

/** Blocks with a commit certificate of their own digest. */
export function finalizedBlocks(options: BlockOptions = {}): fc.Arbitrary<FinalizedBlock> {
  const { chain = TEST_CHAIN } = options;
  return proofBlocks(options).chain((block) => {
    const { sequence } = block.header;
    const digest = blockDigest(block.header);
    return certificates({ chain, phase: "commit", sequence, digest }).map((certificate) => ({
      block,
      certificate,
    }));
  });
}
