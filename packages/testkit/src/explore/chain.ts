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

/**
 * A block of a small chain. At one sequence and view a leader can make two blocks: one with an odd
 * `value`, which an honest leader proposes, and a second one with an even `value`.
 */
export interface KnownValue {
  readonly block: Block;
  readonly digest: Digest;
  /**
   * Number of the block in the abstract model: `2 * leader + 1`, or one more if it is the leader's
   * second block.
   */
  readonly value: number;
}

/**
 * The chain of the explored replicas. Its blocks hold no proofs. They differ only by sequence and
 * view, leader, variant (first or second block of the leader) and time.
 */
export interface SmallChain {
  readonly head: ApplicationHead;
  readonly nowMs: number;
  readonly setOf: (sequence: number) => ValidatorSet;
  /**
   * Creates a block after `head`. `atMs` is its timestamp. Default: `nowMs`, the one moment in
   * which an exploration takes place.
   */
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
 * Creates a chain. The list at index `n` has the powers of the validators at sequence `n + 1`, by
 * validator index; the last list also holds for all later sequences.
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
 * Creates a block. Its digest depends only on parent, leader, variant (first or second block of the
 * leader) and time, not on the votes in its parent certificate.
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

/** Returns the id of a validator. */
export function idOf(set: ValidatorSet, node: number): AccountId {
  const validator = set.validators[node];
  if (validator === undefined) throw new RangeError(`there is no validator ${node}`);
  return validator.id;
}
