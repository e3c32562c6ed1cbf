import {
  type BlockHeader,
  blockDigest,
  type Digest,
  decodeValidatorSet,
  equalBytes,
  type Timestamp,
  toHex,
  type ValidatorSet,
} from "@aethel/models";
import { PbftError } from "../errors.ts";

/** A header that is known to be final, and the set that makes the next ones final. */
export interface TrustedHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  /** The set that votes on the next header; its hash is `header.nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * Time at which somebody whom the caller trusts said that this is the head. The header may be
   * older.
   */
  readonly statedAt: Timestamp;
}

/**
 * Begins with a header that the caller trusts: that of genesis, or of a checkpoint from a source of
 * the caller's choice. `nextValidators`: canonical bytes of the set that the header names as next.
 * `statedAt`: when that source said that this is the head. The age of the statement, not that of
 * the header, decides whether it may be used: on an idle chain the head is old and its set still
 * votes.
 *
 * @throws PbftError `TRUSTED_HEAD` when the set is not the one that the header commits to.
 * @throws ModelsError `DECODE` or `RANGE` when the bytes are no set.
 */
export function trustHeader(options: {
  readonly header: BlockHeader;
  readonly nextValidators: Uint8Array;
  readonly statedAt: Timestamp;
}): TrustedHead {
  const { header, nextValidators, statedAt } = options;
  const validators = decodeValidatorSet(nextValidators);
  if (!equalBytes(validators.hash, header.nextValidators)) {
    const [expected, actual] = [toHex(header.nextValidators), toHex(validators.hash)];
    throw new PbftError({ code: "TRUSTED_HEAD", expected, actual });
  }
  return { header, digest: blockDigest(header), validators, statedAt };
}
