import {
  type Digest,
  type Evidence,
  equalBytes,
  findEvidenceDefect,
  indexOfValidator,
  offenceSequence,
  type Sequence,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";

/**
 * Tells whether evidence convicts a validator of a set that never changes. It must show an
 * equivocation at or before the sequence of the block that includes it, signed with the key of the
 * accused. Evidence of a false header convicts nobody, since this application has no claims that
 * prove one.
 */
export function isConvicting(
  item: Evidence,
  chain: {
    readonly genesis: Digest;
    readonly validators: ValidatorSet;
    /** Sequence of the block that includes the evidence. */
    readonly sequence: Sequence;
  },
): boolean {
  const { genesis, validators, sequence } = chain;
  if (item.type === "false-header" || offenceSequence(item) > sequence) return false;
  const index = indexOfValidator(validators, item.validator);
  const accused = index === undefined ? undefined : validatorAt(validators, index);
  if (accused === undefined || !equalBytes(accused.key, item.key)) return false;
  return findEvidenceDefect(genesis, item) === undefined;
}
