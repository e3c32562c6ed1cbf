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

/** Header that is known to be final, and the set that votes on the next sequence. */
export interface TrustedHead {
  readonly header: BlockHeader;
  readonly digest: Digest;
  /** The set that votes on the next header; its hash is `header.nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * Time at which a source that the caller trusts stated that this is the head. The header may be
   * older.
   */
  readonly statedAt: Timestamp;
}

/**
 * Creates a trusted head from a header that the caller trusts: that of genesis, or of a checkpoint
 * from a source of the caller's choice. `nextValidators`: canonical bytes of the set that the
 * header names as next. `statedAt`: time at which the source stated that this is the head. The age
 * of the statement, not that of the header, decides whether the head may be used. On an idle chain
 * the header is old and its set still votes.
 * @throws PbftError `TRUSTED_HEAD` if the set is not the one to which the header commits.
 * @throws ModelsError `DECODE` or `RANGE` if the bytes are no set.
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
