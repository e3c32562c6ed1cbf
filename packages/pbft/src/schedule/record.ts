import {
  type Digest,
  type Infer,
  sha256,
  VALIDATORS_MAX,
  type ValidatorIndex,
  ZERO_DIGEST,
} from "@aethel/models";
import { type Codec, list, natural, struct, validatorIndex } from "@aethel/models/codec";

/** Losses in a row beyond which nothing grows. */
export const LOSSES_MAX = 5;
/** Turns for which nobody who lost is passed over longer. */
export const TURNS_MAX = 64;

/**
 * Statement of the final blocks on one validator. Sequences are those of blocks whose body says it.
 */
export const Standing = struct("Standing", {
  /** The last block that named it among those who voted for the parent. */
  named: natural(8),
  /** The last block that it built; 0: none. */
  proposed: natural(8),
  /** The sequence of the newest view that it lost since it last led a block; 0: none. */
  lost: natural(8),
  /** Views lost in a row, counted up to `LOSSES_MAX`. */
  losses: natural(1, LOSSES_MAX),
  /** Turns for which it is still passed over. */
  turns: natural(1, TURNS_MAX),
});
export type Standing = Infer<typeof Standing>;

/**
 * Record of who voted and who led, as the bodies of final blocks tell it. `standings` are in the
 * order of the set that voted on the last of these blocks, `first` led that block's sequence in
 * view 0.
 */
export const LeadershipRecord: Codec<{
  readonly first: ValidatorIndex;
  readonly standings: readonly Standing[];
}> = struct("LeadershipRecord", {
  first: validatorIndex,
  standings: list(Standing, VALIDATORS_MAX),
});
export type LeadershipRecord = Infer<typeof LeadershipRecord>;

/** Bytes of the record before the first block. */
export const EMPTY_LEADERSHIP: Uint8Array = new Uint8Array();

/** Hash of a record's bytes, as headers hold it; zero for the empty one. */
export function hashLeadership(bytes: Uint8Array): Digest {
  return bytes.length === 0 ? ZERO_DIGEST : sha256(bytes);
}

/** A record from its bytes; undefined for the empty one. @throws ModelsError `DECODE` */
export function decodeLeadership(bytes: Uint8Array): LeadershipRecord | undefined {
  return bytes.length === 0 ? undefined : LeadershipRecord.decode(bytes);
}
