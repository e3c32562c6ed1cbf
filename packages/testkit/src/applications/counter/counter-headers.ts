import {
  annexRoot,
  type Block,
  type BlockHeader,
  blockDigest,
  concatBytes,
  createGenesisHeader,
  type Digest,
  evidenceRoot,
  type FinalizedBlock,
  type Genesis,
  type Item,
  parentCertificateRoot,
  payloadRoot,
  sha256,
  toSequence,
  type ValidatorSet,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";
import type { SetSchedule } from "./set-schedule.ts";

/** A chain, and what one node has stored of it. */
export interface CounterOptions {
  readonly chain: Digest;
  readonly setOf: SetSchedule;
  readonly genesis: Genesis;
  /** Storage of one node. `commit` writes a block together with the record of leaders after it. */
  readonly disk: {
    blocks: readonly FinalizedBlock[];
    /**
     * Records of leaders (see `leadershipAfter`): the one after genesis, then one after each block.
     */
    records: readonly (Uint8Array | undefined)[];
  };
}

/** Returns the head of the stored chain: its last block, or genesis. */
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
  const [first] = set.validators;
  if (first === undefined) throw new RangeError("a chain has a validator");
  const { timestamp } = genesis;
  return createGenesisHeader({
    chain,
    timestamp,
    validators: set,
    proposer: first.id,
    application: chain,
  });
}

/** Returns the header of the next block. */
export function headerOf(
  parent: BlockHeader,
  parts: Omit<Block, "header"> &
    Pick<BlockHeader, "timestamp" | "proposer" | "leadership"> & { readonly setOf: SetSchedule },
): BlockHeader {
  const { items, annex, evidence, parentCertificate } = parts;
  const { timestamp, proposer, leadership, setOf } = parts;
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
    payloadRoot: payloadRoot(items),
    annexRoot: annexRoot(annex),
    evidenceRoot: evidenceRoot(evidence),
    parentCertificateRoot: parentCertificateRoot(parentCertificate),
    application: items.reduce(extend, parent.application),
  };
}

function extend(state: Uint8Array, item: Item): Uint8Array {
  return sha256(concatBytes(state, item.hash));
}
