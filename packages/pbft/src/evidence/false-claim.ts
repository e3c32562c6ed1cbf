import {
  type BlockHeader,
  type Digest,
  equalBytes,
  type Phase,
  Proof,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorSet,
  VerificationResult,
  verifyListItem,
} from "@aethel/models";
import { allVotes, type Vote } from "../books/vote-book.ts";
import type { Draft } from "../draft.ts";
import type { FalseClaim } from "../ports.ts";
import { type KnownBlock, knownBlock } from "../state.ts";
import { identityOf } from "./evidence.ts";
import { accuse } from "./pending.ts";

/**
 * A vote for a block whose false claim is known convicts its voter, whenever it comes: `where` is
 * the sequence in hand, or that of the head for votes that come after its block.
 */
export function accuseOfFalseClaim(
  draft: Draft,
  phase: Phase,
  vote: Vote,
  where: Where = inHand(draft),
): void {
  const known = knownBlock(where, vote.digest);
  if (known?.falseClaim === undefined) return;
  const accused = identityOf(where.set, vote.voter);
  if (accused === undefined) return;
  const { header } = known.block;
  const { view, signature } = vote;
  const claim = known.falseClaim;
  accuse(draft, {
    type: "invalid-verification",
    ...accused,
    phase,
    view,
    header,
    signature,
    ...claim,
  });
}

/** The blocks of a sequence, and who votes there. */
interface Where {
  readonly set: ValidatorSet;
  readonly blocks: readonly KnownBlock[];
}

function inHand({ state }: Draft): Where {
  return { set: state.head.validators, blocks: state.blocks };
}

/** All who signed a certificate for such a block. */
export function accuseSignersOf(draft: Draft, certificate: QuorumCertificate): void {
  const { phase, view, digest, seal } = certificate;
  if (knownBlock(draft.state, digest)?.falseClaim === undefined) return;
  signersOfCertificate(certificate).forEach((voter, at) => {
    const signature = seal.signatures[at];
    if (signature === undefined) return;
    accuseOfFalseClaim(draft, phase, { view, digest, voter, signature });
  });
}

/** All whose votes for such a block came before its claim was found false. */
export function accuseVotersOf(draft: Draft, digest: Digest): void {
  const { prepares, commits, prepared, committed } = draft.state;
  for (const [phase, book] of [
    ["prepare", prepares],
    ["commit", commits],
  ] as const) {
    for (const vote of allVotes(book)) {
      if (equalBytes(vote.digest, digest)) accuseOfFalseClaim(draft, phase, vote);
    }
  }
  for (const certificate of [prepared, committed]) {
    if (certificate !== undefined && equalBytes(certificate.digest, digest)) {
      accuseSignersOf(draft, certificate);
    }
  }
}

/**
 * The claim if the block with this header makes it, so that nobody is accused with what would not
 * convict. That the counterexample refutes it is the application's word.
 */
export function claimOf(
  header: BlockHeader,
  claim: FalseClaim | undefined,
): FalseClaim | undefined {
  if (claim === undefined) return undefined;
  const { proof, proofPath, result, resultPath, counterexample } = claim;
  const isMade =
    result.verdict === "valid" &&
    proofPath.index === resultPath.index &&
    equalBytes(result.proofHash, Proof.digest(proof)) &&
    verifyListItem({ root: header.proofsRoot, item: Proof.encode(proof), proof: proofPath }) &&
    verifyListItem({
      root: header.verificationRoot,
      item: VerificationResult.encode(result),
      proof: resultPath,
    });
  // Only these fields: what an application adds would end up in hashed bytes or refuse to encode.
  return isMade ? { proof, proofPath, result, resultPath, counterexample } : undefined;
}
