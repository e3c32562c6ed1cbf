import {
  type BlockHeader,
  type ConsensusMessage,
  createCertificate,
  type FinalizedBlock,
  type ProofBlock,
  toAmount,
  toDifficulty,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "@aethel/models";
import { genesis, identity, setOf, theorem } from "./localnet.ts";

const zeroRoot = toRoot(new Uint8Array(32));

/** A block that decodes; nothing in it was executed. */
export function block(sequence: number, megabytes = 0): ProofBlock {
  const proofs = Array.from({ length: megabytes }, (_, at) => theorem(at, 1_000_000));
  return { header: header(sequence), proofs, evidence: [], parentCertificate: undefined };
}

export function finalized(sequence: number, megabytes = 0): FinalizedBlock {
  const vote = { sequence: toSequence(sequence), view: toView(0), digest: ZERO_DIGEST };
  const set = setOf([identity("0")]);
  const certificate = createCertificate({ phase: "commit", vote, set, votes: [] });
  return { block: block(sequence, megabytes), certificate };
}

/** A proposal with its block inside. */
export function proposal(sequence: number, megabytes: number): ConsensusMessage {
  return {
    type: "pre-prepare",
    proposal: {
      sequence: toSequence(sequence),
      view: toView(0),
      digest: ZERO_DIGEST,
      leader: toValidatorIndex(0),
      signature: toSignature(new Uint8Array(64)),
    },
    block: block(sequence, megabytes),
  };
}

function header(sequence: number): BlockHeader {
  return {
    chain: genesis,
    sequence: toSequence(sequence),
    timestamp: toTimestamp(1),
    parent: ZERO_DIGEST,
    proofsRoot: zeroRoot,
    verificationRoot: zeroRoot,
    evidenceRoot: zeroRoot,
    parentCertificateRoot: ZERO_DIGEST,
    stateRootBefore: zeroRoot,
    stateRootAfter: zeroRoot,
    supplyBefore: toAmount(0n),
    supplyAfter: toAmount(0n),
    validators: ZERO_DIGEST,
    nextValidators: ZERO_DIGEST,
    leadership: ZERO_DIGEST,
    proposer: identity("0").id,
    totalDifficulty: toDifficulty(0),
    judgeVersion: 1,
  };
}
