import {
  type Digest,
  type Infer,
  sha256,
  VALIDATORS_MAX,
  type ValidatorIndex,
  ZERO_DIGEST,
} from "@aethel/models";
import { type Codec, list, natural, struct, validatorIndex } from "@aethel/models/codec";

/** Most losses in a row that are counted. */
export const LOSSES_MAX = 5;
/** Most turns for which a leader that lost a view is passed over. */
export const TURNS_MAX = 64;

/** Standing of one validator, as the bodies of final blocks tell it. */
export const Standing = struct("Standing", {
  /** Sequence of the last block that named it as a voter for the parent. */
  named: natural(8),
  /** Sequence of the last block that it built; 0: none. */
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
 * order of the set that voted on the last of these blocks. `first` is the leader of view 0 of that
 * block's sequence.
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

/** Returns the hash of a record's bytes, as headers hold it; zero for the empty one. */
export function hashLeadership(bytes: Uint8Array): Digest {
  return bytes.length === 0 ? ZERO_DIGEST : sha256(bytes);
}

/**
 * Decodes a record; undefined for the empty one.
 * @throws ModelsError `DECODE`
 */
export function decodeLeadership(bytes: Uint8Array): LeadershipRecord | undefined {
  return bytes.length === 0 ? undefined : LeadershipRecord.decode(bytes);
}
