import {
  type Digest,
  type Infer,
  sha256,
  VALIDATORS_MAX,
  type ValidatorIndex,
  ZERO_DIGEST,
} from "@aethel/models";
import { type Codec, list, natural, struct, validatorIndex } from "@aethel/models/codec";

/** Most lost views in a row that are counted for one leader. */
export const LOSSES_MAX = 5;
/** Most turns for which a leader that lost a view is passed over. */
export const TURNS_MAX = 64;

/** Standing of one validator: how it led and voted, as the bodies of final blocks tell. */
export const Standing = struct("Standing", {
  /** Sequence of the last block that named this validator as a voter for the parent. */
  named: natural(8),
  /** Sequence of the last block that this validator built; 0 if none. */
  proposed: natural(8),
  /** Sequence of the newest view that this validator lost since it last led a block; 0 if none. */
  lost: natural(8),
  /** Number of views that this validator lost in a row, at most `LOSSES_MAX`. */
  losses: natural(1, LOSSES_MAX),
  /** Number of turns for which this validator is still passed over. */
  turns: natural(1, TURNS_MAX),
});
export type Standing = Infer<typeof Standing>;

/**
 * Leaders' record: who voted and who led, as the bodies of final blocks tell. `standings` has the
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

/** Encoded leadership record of a chain that has no block yet. */
export const EMPTY_LEADERSHIP: Uint8Array = new Uint8Array();

/** Returns the hash of a record's bytes, which headers contain. Zero for the empty record. */
export function hashLeadership(bytes: Uint8Array): Digest {
  return bytes.length === 0 ? ZERO_DIGEST : sha256(bytes);
}

/**
 * Decodes a leadership record. Returns undefined for the empty one (`EMPTY_LEADERSHIP`).
 *
 * @throws ModelsError `DECODE`
 */
export function decodeLeadership(bytes: Uint8Array): LeadershipRecord | undefined {
  return bytes.length === 0 ? undefined : LeadershipRecord.decode(bytes);
}
