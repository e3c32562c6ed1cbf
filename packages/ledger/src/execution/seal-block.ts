import { hasherOf, hashListRoot } from "@aethel/merkle";
import {
  annexOf,
  annexRoot,
  type Block,
  type BlockHeader,
  callResultsOf,
  type Digest,
  evidenceRoot,
  LedgerHeader,
  type Proof,
  parentCertificateRoot,
  payloadRoot,
  proofItem,
  toSequence,
  VerificationResult,
  WIRE_VERSION,
} from "@aethel/models";
import type { LedgerState } from "../state/ledger-state.ts";
import type { BlockOpening } from "./begin-block.ts";
import type { BlockExecution } from "./block-run.ts";

/**
 * Header fields that commit to the parts of a block's body that its leader chose: items, evidence
 * and the parent's certificate.
 */
type GivenRoots = Pick<BlockHeader, "payloadRoot" | "evidenceRoot" | "parentCertificateRoot">;

function givenRoots(body: Pick<Block, "items" | "evidence" | "parentCertificate">): GivenRoots {
  return {
    payloadRoot: payloadRoot(body.items),
    evidenceRoot: evidenceRoot(body.evidence),
    parentCertificateRoot: parentCertificateRoot(body.parentCertificate),
  };
}

/**
 * Parts of a block that its leader chooses. `leadership` is the hash of consensus' record of
 * leaders, which the ledger passes on without reading the record.
 */
export interface BlockBody extends BlockOpening {
  readonly proofs: readonly Proof[];
  /**
   * Hash of the leaders' record (facts of consensus about past leaders) after this block. Default:
   * the hash in the parent's header.
   */
  readonly leadership?: Digest | undefined;
}

/** Builds the block that commits to an execution of its body on a state. */
export function sealBlock(state: LedgerState, body: BlockBody, execution: BlockExecution): Block {
  const { proofs, evidence, parentCertificate } = body;
  const items = proofs.map(proofItem);
  const annex = annexOf(proofs, execution.results);
  const given = { items, annex, evidence, parentCertificate };
  const header = headerOf(state, { ...body, annex }, execution, givenRoots(given));
  return { version: WIRE_VERSION, header, ...given };
}

/** Builds the header that commits to an execution. `roots`: commitments to the body. */
export function headerOf(
  state: LedgerState,
  body: Pick<BlockBody, "now" | "proposer" | "leadership" | "proofs"> & Pick<Block, "annex">,
  execution: BlockExecution,
  roots: GivenRoots,
): BlockHeader {
  const { transition } = execution;
  const ofCalls = callResultsOf(body.proofs, execution.results);
  const results = ofCalls.map((result) => VerificationResult.encode(result));
  return {
    version: WIRE_VERSION,
    chain: state.chain,
    sequence: toSequence(state.header.sequence + 1),
    timestamp: body.now,
    parent: state.digest,
    payloadRoot: roots.payloadRoot,
    annexRoot: annexRoot(body.annex),
    evidenceRoot: roots.evidenceRoot,
    parentCertificateRoot: roots.parentCertificateRoot,
    validators: state.votingSet.hash,
    nextValidators: execution.nextSet.hash,
    leadership: body.leadership ?? state.header.leadership,
    proposer: body.proposer,
    application: LedgerHeader.encode({
      callResultsRoot: hashListRoot(results, hasherOf(state.tree)),
      stateRootBefore: transition.rootBefore,
      stateRootAfter: transition.rootAfter,
      supplyBefore: transition.supplyBefore,
      supplyAfter: transition.supplyAfter,
      totalDifficulty: execution.totalDifficulty,
      judgeVersion: state.parameters.judge.version,
    }),
  };
}
