import {
  type Block,
  type BlockHeader,
  type ConsensusMessage,
  createCertificate,
  type FinalizedBlock,
  itemOf,
  outlineOf,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  WIRE_VERSION,
  ZERO_DIGEST,
} from "@aethel/models";
import { genesis, identity, item, setOf } from "./localnet.ts";

const zeroRoot = toRoot(new Uint8Array(32));

/** Creates a block that decodes; nothing in it was executed. */
export function block(sequence: number, megabytes = 0): Block {
  const items = Array.from({ length: megabytes }, (_, at) => itemOf(item(at, 1_000_000)));
  const body = { items, annex: [], evidence: [], parentCertificate: undefined };
  return { version: WIRE_VERSION, header: header(sequence), ...body };
}

export function finalized(sequence: number, megabytes = 0): FinalizedBlock {
  const vote = { sequence: toSequence(sequence), view: toView(0), digest: ZERO_DIGEST };
  const set = setOf([identity("0")]);
  const certificate = createCertificate({ phase: "commit", vote, set, votes: [] });
  return { block: block(sequence, megabytes), certificate };
}

/** Creates a proposal whose outline has a certificate of so many megabytes of signatures, 4 at most. */
export function proposal(sequence: number, megabytes: number): ConsensusMessage {
  const { certificate } = finalized(sequence);
  const signature = toSignature(new Uint8Array(64).fill(1));
  const signatures = Array.from({ length: megabytes * 15_625 }, () => signature);
  const parentCertificate = { ...certificate, seal: { ...certificate.seal, signatures } };
  return {
    type: "pre-prepare",
    proposal: {
      sequence: toSequence(sequence),
      view: toView(0),
      digest: ZERO_DIGEST,
      leader: toValidatorIndex(0),
      signature: toSignature(new Uint8Array(64)),
    },
    outline: { ...outlineOf(block(sequence)), parentCertificate },
  };
}

function header(sequence: number): BlockHeader {
  return {
    version: WIRE_VERSION,
    chain: genesis,
    sequence: toSequence(sequence),
    timestamp: toTimestamp(1),
    parent: ZERO_DIGEST,
    payloadRoot: zeroRoot,
    annexRoot: zeroRoot,
    evidenceRoot: zeroRoot,
    parentCertificateRoot: ZERO_DIGEST,
    validators: ZERO_DIGEST,
    nextValidators: ZERO_DIGEST,
    leadership: ZERO_DIGEST,
    proposer: identity("0").id,
    application: new Uint8Array(),
  };
}
