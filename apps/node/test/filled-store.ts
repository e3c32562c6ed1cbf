import type { Receipt } from "@aethel/ledger";
import { stateKey } from "@aethel/ledger";
import { createTree } from "@aethel/merkle";
import {
  blockDigest,
  createValidatorSet,
  encodeValidatorSet,
  evidenceRoot,
  type FinalizedBlock,
  type Root,
  sha256,
  toAccountId,
  toAmount,
  toDifficulty,
  toPublicKey,
  toResource,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  withLedgerHeader,
} from "@aethel/models";
import { finalizedBlocks } from "@aethel/testkit";
import fc from "fast-check";
import type { DiskStore } from "../src/storage/ledger-store.ts";
import { stateHasher } from "../src/storage/state-hasher.ts";

/** Shape of one block of a test: whether it has evidence, changes the set, and its receipts. */
export interface BlockShape {
  readonly hasEvidence: boolean;
  readonly changesSet: boolean;
  readonly receipts: number;
}

/** Milliseconds between the timestamps of blocks. */
export const BLOCK_MS = 1_000;

const [sample] = fc
  .sample(finalizedBlocks({ proofsMax: 0, evidenceMax: 2 }), {
    seed: 2,
    numRuns: 40,
  })
  .filter(({ block }) => block.evidence.length > 0);

/** Writes a genesis and one block for each shape, with sequences from 1 on. */
export async function fillStore(
  store: DiskStore,
  shapes: readonly BlockShape[],
): Promise<readonly FinalizedBlock[]> {
  let tree = createTree({ hasher: stateHasher() });
  let set = setOf(0);
  const blocks: FinalizedBlock[] = [];
  for (const [version, shape] of [undefined, ...shapes].entries()) {
    const next = shape === undefined || shape.changesSet ? setOf(version) : set;
    const bytes = encodeValidatorSet(next);
    tree = tree.update([{ key: stateKey.votingSet, value: bytes }]);
    const finalized = blockOf({ version, shape, sets: [set, next], root: tree.root });
    const { header } = finalized.block;
    await store.write({
      header,
      finalized: shape === undefined ? undefined : finalized,
      leadership: Uint8Array.of(version),
      receipts: receiptsOf(version, shape?.receipts ?? 0),
      changes: [{ key: stateKey.votingSet, before: undefined, after: bytes }],
      version: header.sequence,
      root: tree.root,
    });
    if (shape !== undefined) blocks.push(finalized);
    set = next;
  }
  return blocks;
}

function setOf(number: number): ValidatorSet {
  const id = toAccountId(new Uint8Array(32).fill(number + 1));
  const key = toPublicKey(new Uint8Array(32).fill(number + 2));
  return createValidatorSet([{ id, key, power: toAmount(5n) }]);
}

function blockOf(options: {
  readonly version: number;
  readonly shape: BlockShape | undefined;
  readonly sets: readonly [ValidatorSet, ValidatorSet];
  readonly root: Root;
}): FinalizedBlock {
  if (sample === undefined) throw new Error("no sample");
  const { version, shape, sets, root } = options;
  const { block, certificate } = sample;
  const evidence = shape?.hasEvidence === true ? block.evidence : [];
  const sequence = toSequence(version);
  const about = {
    ...block.header,
    sequence,
    timestamp: toTimestamp(version * BLOCK_MS),
    validators: sets[0].hash,
    nextValidators: sets[1].hash,
    evidenceRoot: evidenceRoot(evidence),
  };
  const header = withLedgerHeader(about, { stateRootAfter: root });
  const digest = blockDigest(header);
  return {
    block: { ...block, header, evidence },
    certificate: { ...certificate, sequence, digest },
  };
}

/** Hash of a proof in a block. */
export function proofHashAt(sequence: number, index: number): Receipt["proofHash"] {
  return sha256(Uint8Array.of(sequence >> 8, sequence & 0xff, index));
}

function receiptsOf(version: number, count: number): readonly Receipt[] {
  return Array.from({ length: count }, (_, index) => ({
    proofHash: proofHashAt(version, index),
    sequence: toSequence(version),
    index,
    kind: "theorem",
    author: toAccountId(new Uint8Array(32).fill(7)),
    verdict: "valid",
    trust: "solver",
    outcome: "recorded",
    difficulty: toDifficulty(0),
    resource: toResource(0),
    errorCode: 0,
    fee: toAmount(0n),
    burned: toAmount(0n),
    tip: toAmount(0n),
    depositPaid: toAmount(0n),
    depositReturned: toAmount(0n),
    calls: [],
    detail: new Uint8Array(),
  }));
}
