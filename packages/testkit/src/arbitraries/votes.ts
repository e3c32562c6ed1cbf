import {
  type Commit,
  createCertificate,
  type Digest,
  isQuorum,
  type Phase,
  type Prepare,
  powerOf,
  type QuorumCertificate,
  type Sequence,
  signableVote,
  toValidatorIndex,
  type ValidatorIndex,
  type ValidatorSet,
  type View,
  type VoteBody,
} from "@aethel/models";
import fc from "fast-check";
import { TEST_CHAIN, type TestChain } from "../fixtures/test-chain.ts";
import type { ChainOptions } from "./proofs.ts";
import { digests, sequences, views } from "./scalars.ts";

/** Signs a vote with the key of the validator with index `voter`. */
export function signVote(options: {
  readonly chain: TestChain;
  readonly phase: Phase;
  readonly vote: VoteBody;
  readonly voter: ValidatorIndex;
}): Prepare {
  const { chain, phase, vote, voter } = options;
  const signer = chain.signers[voter];
  if (signer === undefined) throw new RangeError(`the chain has no validator ${voter}`);
  const { sequence, view, digest } = vote;
  const signature = signer.sign(signableVote(phase, chain.genesis, vote));
  return { sequence, view, digest, voter, signature };
}

/** PREPARE and COMMIT votes with signatures that verify. */
export function votes(
  options: ChainOptions = {},
): fc.Arbitrary<({ readonly type: "prepare" } & Prepare) | ({ readonly type: "commit" } & Commit)> {
  const { chain = TEST_CHAIN } = options;
  return fc
    .record({ phase: phases, vote: voteBodies(), voter: voters(chain.set) })
    .map(({ phase, vote, voter }) => ({
      type: phase,
      ...signVote({ chain, phase, vote, voter }),
    }));
}

/**
 * Certificates that `findCertificateDefect` accepts, signed by any quorum of the chain's
 * validators.
 */
export function certificates(
  options: ChainOptions & {
    readonly phase?: Phase;
    readonly sequence?: Sequence;
    readonly view?: View;
    readonly digest?: Digest;
  } = {},
): fc.Arbitrary<QuorumCertificate> {
  const { chain = TEST_CHAIN, phase, sequence, view, digest } = options;
  return fc
    .record({
      phase: phase === undefined ? phases : fc.constant(phase),
      sequence: sequence === undefined ? sequences : fc.constant(sequence),
      view: view === undefined ? views : fc.constant(view),
      digest: digest === undefined ? digests : fc.constant(digest),
      signers: quorums(chain.set),
    })
    .map(({ signers, phase: of, ...vote }) => certify({ chain, phase: of, vote, signers }));
}

/** Returns a certificate with the votes of exactly these validators, even if they are no quorum. */
export function certify(options: {
  readonly chain: TestChain;
  readonly phase: Phase;
  readonly vote: VoteBody;
  readonly signers: readonly ValidatorIndex[];
}): QuorumCertificate {
  const { chain, phase, vote, signers } = options;
  return createCertificate({
    phase,
    vote,
    set: chain.set,
    votes: signers.map((voter) => signVote({ chain, phase, vote, voter })),
  });
}

/**
 * Lists of validators that are a quorum, in ascending order. Some are just enough, some are all.
 */
export function quorums(set: ValidatorSet): fc.Arbitrary<readonly ValidatorIndex[]> {
  const everyone = set.validators.map((_, at) => toValidatorIndex(at));
  return fc
    .record({
      order: fc.shuffledSubarray(everyone, { minLength: everyone.length }),
      extra: fc.nat({ max: everyone.length }),
    })
    .map(({ order, extra }) => {
      const least = order.findIndex((_, at) => isQuorum(powerOf(set, order.slice(0, at + 1)), set));
      return order.slice(0, least + 1 + extra).toSorted((left, right) => left - right);
    });
}

export const phases: fc.Arbitrary<Phase> = fc.constantFrom("prepare", "commit");

export function voteBodies(): fc.Arbitrary<VoteBody> {
  return fc.record({ sequence: sequences, view: views, digest: digests });
}

export function voters(set: ValidatorSet): fc.Arbitrary<ValidatorIndex> {
  return fc.nat({ max: set.validators.length - 1 }).map(toValidatorIndex);
}
