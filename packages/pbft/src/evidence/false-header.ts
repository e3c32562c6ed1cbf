import {
  type BlockHeader,
  CLAIM_BYTES_MAX,
  type Digest,
  equalBytes,
  type Phase,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { allVotes, type Vote, type VoteBook } from "../books/vote-book.ts";
import { type CastVote, type KnownBlock, knownBlock, type State } from "../state.ts";
import type { StepContext } from "../step-context.ts";
import { identityOf } from "./evidence.ts";
import { accuse } from "./pending.ts";

/**
 * Accuses the voter if the application has shown that the header of the block is false. Votes may
 * come before or after that. `where`: the current sequence, or the head's sequence for late votes.
 */
export function accuseOfFalseHeader(
  context: StepContext,
  phase: Phase,
  vote: Vote,
  where: Where = currentOf(context),
): void {
  const known = knownBlock(where, vote.digest);
  if (known?.claim === undefined) return;
  const { claim } = known;
  accuseWith(context, { set: where.set, header: known.block.header, claim }, { ...vote, phase });
}

/**
 * Accuses the voter of a block, with the application's claim that the block's header is false.
 * `set`: the set that votes on the block's sequence.
 */
export function accuseWith(
  context: StepContext,
  {
    set,
    header,
    claim,
  }: {
    readonly set: ValidatorSet;
    readonly header: BlockHeader;
    readonly claim: Uint8Array;
  },
  { phase, view, voter, signature }: CastVote,
): void {
  const accused = identityOf(set, voter);
  if (accused === undefined) return;
  accuse(context, { type: "false-header", ...accused, phase, view, header, signature, claim });
}

/** Blocks of a sequence, and the set that votes on it. */
interface Where {
  readonly set: ValidatorSet;
  readonly blocks: readonly KnownBlock[];
}

/** Sequence of which this replica keeps votes: its blocks, its set, and these votes. */
export interface Place extends Where {
  readonly books: Readonly<Record<Phase, VoteBook>>;
  readonly certificates: readonly QuorumCertificate[];
}

function currentOf({ state }: StepContext): Where {
  return { set: state.head.validators, blocks: state.blocks };
}

/** Returns the two sequences of which votes are kept: the head's and the current one. */
export function placesOf(state: State): readonly [Place, Place] {
  const { head, late, blocks, prepares, commits, prepared, committed } = state;
  const certificates = [prepared, committed].flatMap((each) => (each === undefined ? [] : [each]));
  return [
    { set: head.previousValidators, blocks: late.suspects, books: late, certificates: [] },
    {
      set: head.validators,
      blocks,
      books: { prepare: prepares, commit: commits },
      certificates,
    },
  ];
}

/** Returns the votes for a block that are in the vote books and certificates of a sequence. */
export function votesCastFor(
  { books, certificates }: Pick<Place, "books" | "certificates">,
  digest: Digest,
): readonly CastVote[] {
  const phases = ["prepare", "commit"] as const;
  const single = phases.flatMap((phase) =>
    allVotes(books[phase])
      .filter((vote) => equalBytes(vote.digest, digest))
      .map((vote): CastVote => ({ ...vote, phase })),
  );
  const named = certificates.filter((each) => equalBytes(each.digest, digest));
  return [...single, ...named.flatMap(votesIn)];
}

function votesIn(certificate: QuorumCertificate): readonly CastVote[] {
  const { phase, view, digest, seal } = certificate;
  return signersOfCertificate(certificate).flatMap((voter, at) => {
    const signature = seal.signatures[at];
    return signature === undefined ? [] : [{ phase, view, digest, voter, signature }];
  });
}

/** Accuses all signers of a certificate for a block with a false header. */
export function accuseSignersOf(context: StepContext, certificate: QuorumCertificate): void {
  if (knownBlock(context.state, certificate.digest)?.claim === undefined) return;
  for (const { phase, ...vote } of votesIn(certificate)) accuseOfFalseHeader(context, phase, vote);
}

/** Accuses everybody who voted for a block before its header was shown to be false. */
export function accuseVotersOf(context: StepContext, digest: Digest): void {
  const [, current] = placesOf(context.state);
  for (const { phase, ...vote } of votesCastFor(current, digest)) {
    accuseOfFalseHeader(context, phase, vote);
  }
}

/**
 * Returns a claim that fits into a piece of evidence. Undefined if there is none or it is too
 * large.
 */
export function usableClaim(claim: Uint8Array | undefined): Uint8Array | undefined {
  return claim !== undefined && claim.length <= CLAIM_BYTES_MAX ? claim : undefined;
}
