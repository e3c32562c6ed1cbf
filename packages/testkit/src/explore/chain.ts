import {
  type AccountId,
  type Block,
  type BlockHeader,
  blockDigest,
  createValidatorSet,
  type Digest,
  type QuorumCertificate,
  toAmount,
  toHex,
  toSequence,
  toTimestamp,
  type ValidatorSet,
  WIRE_VERSION,
} from "@aethel/models";
import type { ApplicationHead } from "@aethel/pbft";
import { counter } from "../applications/counter/counter-application.ts";
import { testKey } from "../fixtures/test-chain.ts";
import { createTestGenesis, TEST_PARAMETERS } from "../fixtures/test-genesis.ts";

/** A block, and which of its leader's two it is: 0 the one it would propose, 1 the other. */
export interface KnownValue {
  readonly block: Block;
  readonly digest: Digest;
  /** Value in the model: `2 * leader + 1` or one more. */
  readonly value: number;
}

/** The chain of the replicas under exploration: blocks differ by place and hold no proofs. */
export interface SmallChain {
  readonly head: ApplicationHead;
  readonly nowMs: number;
  readonly setOf: (sequence: number) => ValidatorSet;
  /** Creates a block. `atMs`: its time; an exploration is one moment, and recovery takes time. */
  readonly blockBy: (
    head: ApplicationHead,
    leader: number,
    variant: 0 | 1,
    atMs?: number,
  ) => KnownValue;
  readonly valueOf: (digest: Digest) => KnownValue | undefined;
  readonly headAfter: (known: KnownValue, certificate: QuorumCertificate) => ApplicationHead;
}

/**
 * Creates a chain whose sequences have validators of these powers, in the order of their indices.
 */
export async function createSmallChain(
  powers: readonly (readonly number[])[],
): Promise<SmallChain> {
  const [first = []] = powers;
  const keys = first
    .map((_, at) => testKey(`explore/${at}`))
    .toSorted((left, right) => (toHex(left.id) < toHex(right.id) ? -1 : 1));
  const sets = powers.map((list) =>
    createValidatorSet(
      keys.map(({ id, signer }, at) => ({
        id,
        key: signer.publicKey,
        power: toAmount(BigInt(list[at] ?? 0)),
      })),
    ),
  );
  const setOf = (sequence: number): ValidatorSet => {
    const set = sets[Math.min(Math.max(0, sequence - 1), sets.length - 1)];
    if (set === undefined) throw new RangeError("a chain has a set");
    return set;
  };
  const genesis = createTestGenesis({
    name: "explore",
    validators: keys.map(({ id, signer }) => ({
      id,
      key: signer.publicKey,
      stake: TEST_PARAMETERS.minimumStake,
    })),
  });
  const open = await (await counter.create(genesis)).createNode()();
  const origin = open.application.head();
  const header = { ...origin.header, nextValidators: setOf(1).hash };
  const known = new Map<string, KnownValue>();
  const nowMs = header.timestamp + 1_000;
  return {
    head: {
      ...origin,
      header,
      validators: setOf(1),
      previousValidators: setOf(1),
      // There is no record of leaders: the model knows the plain schedule only.
      leadership: undefined,
    },
    nowMs,
    setOf,
    blockBy: (head, leader, variant, atMs = nowMs) => {
      const block = createBlock({ head, leader, variant, nowMs: atMs, setOf });
      const digest = blockDigest(block.header);
      const made = known.get(toHex(digest));
      // Other branches of an exploration made the same block on other votes.
      if (made !== undefined) return { ...made, block };
      const value = { block, digest, value: 2 * leader + 1 + variant };
      known.set(toHex(digest), value);
      return value;
    },
    valueOf: (digest) => known.get(toHex(digest)),
    headAfter: ({ block, digest }, certificate) => ({
      header: block.header,
      digest,
      certificate,
      validators: setOf(block.header.sequence + 1),
      previousValidators: setOf(block.header.sequence),
    }),
  };
}

/**
 * Creates a block whose digest depends on parent, leader, variant and time only, not on which votes
 * made the parent final.
 */
function createBlock(options: {
  readonly head: ApplicationHead;
  readonly leader: number;
  readonly variant: 0 | 1;
  readonly nowMs: number;
  readonly setOf: (sequence: number) => ValidatorSet;
}): Block {
  const { head, leader, variant, nowMs, setOf } = options;
  const sequence = toSequence(head.header.sequence + 1);
  const set = setOf(sequence);
  const proposer = set.validators[leader] ?? set.validators[0];
  if (proposer === undefined) throw new RangeError("a set has a validator");
  const header: BlockHeader = {
    ...head.header,
    sequence,
    timestamp: toTimestamp(nowMs + variant),
    parent: head.digest,
    validators: set.hash,
    nextValidators: setOf(sequence + 1).hash,
    proposer: proposer.id,
  };
  const body = { items: [], annex: [], evidence: [], parentCertificate: head.certificate };
  return { version: WIRE_VERSION, header, ...body };
}

/** Returns the name of a node. */
export function idOf(set: ValidatorSet, node: number): AccountId {
  const validator = set.validators[node];
  if (validator === undefined) throw new RangeError(`there is no validator ${node}`);
  return validator.id;
}
