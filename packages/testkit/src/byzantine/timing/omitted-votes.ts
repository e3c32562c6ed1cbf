import {
  equalBytes,
  isQuorum,
  powerOf,
  type QuorumCertificate,
  signersOfCertificate,
  type ValidatorIndex,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { StrategyContext } from "../behaviour/strategy.ts";

/**
 * Returns a certificate without the votes of `count` honest nodes, the first ones in the set.
 * Leaves out fewer if the rest would not be a quorum.
 */
export function omitVotes(
  context: StrategyContext,
  certificate: QuorumCertificate | undefined,
  count: number,
): QuorumCertificate | undefined {
  if (certificate === undefined || count === 0) return certificate;
  const { previousValidators: set } = context.head();
  let kept = signersOfCertificate(certificate);
  let left = count;
  for (const voter of kept) {
    const without = kept.filter((other) => other !== voter);
    if (left === 0 || !isOmitted(context, set, voter)) continue;
    if (!isQuorum(powerOf(set, without), set)) break;
    kept = without;
    left -= 1;
  }
  const { seal } = certificate;
  const { signatures } = seal;
  const all = signersOfCertificate(certificate);
  return {
    ...certificate,
    signers: certificate.signers.map((_, index) => kept.some((voter) => voter === index)),
    seal: { ...seal, signatures: signatures.filter((_, at) => kept.some((v) => v === all[at])) },
  };
}

/** Returns whether the vote is one that may be left out: that of an honest node. */
function isOmitted(context: StrategyContext, set: ValidatorSet, voter: ValidatorIndex): boolean {
  const id = validatorAt(set, voter)?.id;
  return id !== undefined && !equalBytes(id, context.id) && !context.isAccomplice(id);
}
