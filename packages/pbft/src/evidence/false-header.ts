import {
  CLAIM_BYTES_MAX,
  type Digest,
  equalBytes,
  type Phase,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { allVotes, type Vote } from "../books/vote-book.ts";
import { type KnownBlock, knownBlock } from "../state.ts";
import type { StepContext } from "../step-context.ts";
import { identityOf } from "./evidence.ts";
import { accuse } from "./pending.ts";

/**
 * Accuses the voter of a block whose header the application has shown to be false, whenever the
 * vote comes. `where` is the current sequence, or that of the head for votes that come after its
 * block.
 */
export function accuseOfFalseHeader(
  context: StepContext,
  phase: Phase,
  vote: Vote,
  where: Where = currentOf(context),
): void {
  const known = knownBlock(where, vote.digest);
  if (known?.claim === undefined) return;
  const accused = identityOf(where.set, vote.voter);
  if (accused === undefined) return;
  const { claim } = known;
  const { header } = known.block;
  const { view, signature } = vote;
  accuse(context, { type: "false-header", ...accused, phase, view, header, signature, claim });
}

/** The blocks of a sequence, and the set that votes there. */
interface Where {
  readonly set: ValidatorSet;
  readonly blocks: readonly KnownBlock[];
}

function currentOf({ state }: StepContext): Where {
  return { set: state.head.validators, blocks: state.blocks };
}

/** Accuses all signers of a certificate for a block with a false header. */
export function accuseSignersOf(context: StepContext, certificate: QuorumCertificate): void {
  const { phase, view, digest, seal } = certificate;
  if (knownBlock(context.state, digest)?.claim === undefined) return;
  signersOfCertificate(certificate).forEach((voter, at) => {
    const signature = seal.signatures[at];
    if (signature === undefined) return;
    accuseOfFalseHeader(context, phase, { view, digest, voter, signature });
  });
}

/** Accuses all whose votes for a block came before its header was shown to be false. */
export function accuseVotersOf(context: StepContext, digest: Digest): void {
  const { prepares, commits, prepared, committed } = context.state;
  for (const [phase, book] of [
    ["prepare", prepares],
    ["commit", commits],
  ] as const) {
    for (const vote of allVotes(book)) {
      if (equalBytes(vote.digest, digest)) accuseOfFalseHeader(context, phase, vote);
    }
  }
  for (const certificate of [prepared, committed]) {
    if (certificate !== undefined && equalBytes(certificate.digest, digest)) {
      accuseSignersOf(context, certificate);
    }
  }
}

/** Returns a claim if evidence has room for it; undefined if it is too large to accuse anybody. */
export function usableClaim(claim: Uint8Array | undefined): Uint8Array | undefined {
  return claim !== undefined && claim.length <= CLAIM_BYTES_MAX ? claim : undefined;
}
