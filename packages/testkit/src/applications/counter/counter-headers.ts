import {
  type BlockHeader,
  blockDigest,
  type Digest,
  evidenceRoot,
  type FinalizedBlock,
  type Genesis,
  hashProof,
  type Proof,
  type ProofBlock,
  parentCertificateRoot,
  proofsRoot,
  type Root,
  sha256,
  toAmount,
  toDifficulty,
  toResource,
  toRoot,
  toSequence,
  type ValidatorSet,
  type VerificationResult,
  verificationRoot,
  ZERO_DIGEST,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";
import type { SetSchedule } from "./set-schedule.ts";

/** A chain, and what one node has stored of it. */
export interface CounterOptions {
  readonly chain: Digest;
  readonly setOf: SetSchedule;
  readonly genesis: Genesis;
  /** Durable part: `commit` writes a block and the record of leaders after it at once. */
  readonly disk: {
    blocks: readonly FinalizedBlock[];
    /** Records of leaders, after genesis and after each block. */
    records: readonly (Uint8Array | undefined)[];
  };
}

/** Returns the head of a disk: its last block, or genesis. */
export function headOf({ chain, setOf, genesis, disk }: CounterOptions): ApplicationHead {
  const last = disk.blocks.at(-1);
  const header = last?.block.header ?? genesisHeader(chain, setOf(1), genesis);
  return {
    header,
    digest: blockDigest(header),
    certificate: last?.certificate,
    validators: setOf(header.sequence + 1),
    previousValidators: setOf(header.sequence),
    leadership: disk.records.at(-1),
  };
}

function genesisHeader(chain: Digest, set: ValidatorSet, genesis: Genesis): BlockHeader {
  const root = toRoot(chain);
  const supply = toAmount(0n);
  return {
    chain,
    sequence: toSequence(0),
    timestamp: genesis.timestamp,
    parent: ZERO_DIGEST,
    proofsRoot: proofsRoot([]),
    verificationRoot: verificationRoot([]),
    evidenceRoot: evidenceRoot([]),
    parentCertificateRoot: ZERO_DIGEST,
    stateRootBefore: root,
    stateRootAfter: root,
    supplyBefore: supply,
    supplyAfter: supply,
    validators: set.hash,
    nextValidators: set.hash,
    leadership: ZERO_DIGEST,
    proposer: set.validators[0]?.id ?? refuseEmpty(),
    totalDifficulty: toDifficulty(0),
    judgeVersion: 1,
  };
}

/** Returns the header of the next block. */
export function headerOf(
  parent: BlockHeader,
  parts: Omit<ProofBlock, "header"> &
    Pick<BlockHeader, "timestamp" | "proposer" | "leadership"> & { readonly setOf: SetSchedule },
): BlockHeader {
  const { proofs, evidence, parentCertificate, timestamp, proposer, leadership, setOf } = parts;
  const sequence = toSequence(parent.sequence + 1);
  return {
    ...parent,
    sequence,
    validators: setOf(sequence).hash,
    nextValidators: setOf(sequence + 1).hash,
    timestamp,
    proposer,
    leadership,
    parent: blockDigest(parent),
    proofsRoot: proofsRoot(proofs),
    verificationRoot: verificationRoot(proofs.map(resultOf)),
    evidenceRoot: evidenceRoot(evidence),
    parentCertificateRoot: parentCertificateRoot(parentCertificate),
    stateRootBefore: parent.stateRootAfter,
    stateRootAfter: proofs.reduce(extend, parent.stateRootAfter),
    totalDifficulty: toDifficulty(proofs.length),
  };
}

function extend(root: Root, proof: Proof): Root {
  const bytes = new Uint8Array(64);
  bytes.set(root);
  bytes.set(hashProof(proof), 32);
  return toRoot(sha256(bytes));
}

function resultOf(proof: Proof): VerificationResult {
  return {
    proofHash: hashProof(proof),
    verdict: "valid",
    trust: "certified",
    outcome: "applied",
    difficulty: toDifficulty(1),
    resource: toResource(1),
    errorCode: 0,
  };
}

function refuseEmpty(): never {
  throw new RangeError("a chain has a validator");
}
