/**
 * Bounds of the wire format. Each list and byte string on the wire has one, so no input is
 * unbounded.
 */

/** Validators in one set; a bit field of one certificate then has 8 KiB. */
export const VALIDATORS_MAX = 65_536;
/** Members of a chain's validator set: its encoding is one value of the state tree, below 1 MiB. */
export const SEATS_MAX = 14_000;
/** Bytes of a published source text. */
export const SOURCE_BYTES_MAX = 65_536;
/** Bytes of a theorem's script. */
export const SCRIPT_BYTES_MAX = 1_048_576;
/** Calls of one transaction. */
export const CALLS_MAX = 16;
/** Limits to what the signers of one transaction may lose. */
export const SPENDING_LIMITS_MAX = 64;
/** Arguments of one call. */
export const ARGUMENTS_MAX = 64;
/** Signers of one invoke beside its author. */
export const COSIGNERS_MAX = 16;
/** Items in one block. */
export const ITEMS_MAX = 8_192;
/** Bytes of one item. */
export const ITEM_BYTES_MAX = 1_114_112;
/** Bytes of the application's part of a header. */
export const APPLICATION_HEADER_BYTES_MAX = 1_024;
/** Bytes of one entry of a block's annex. */
export const ANNEX_ENTRY_BYTES_MAX = 256;
/** Bytes of all entries of a block's annex, with their offsets. */
export const ANNEX_BYTES_MAX = 262_144;
/**
 * Bytes of a claim that shows a header to be false: a published source, a counterexample, two
 * paths.
 */
export const CLAIM_BYTES_MAX = 86_016;
/** Pieces of evidence in one block. */
export const EVIDENCE_MAX = 64;
/** Bytes of a counterexample in evidence. */
export const COUNTEREXAMPLE_BYTES_MAX = 16_384;
/**
 * Bytes of all evidence of one block, beside those of its proofs: twice the largest piece that can
 * convict, which shows a published source, a counterexample and two paths.
 */
export const EVIDENCE_BYTES_MAX = 262_144;
/**
 * Execution units of all evidence of one block: a quarter of the least that a chain may give a
 * block. Any one piece that a block has bytes for takes less.
 */
export const EVIDENCE_UNITS_MAX = 1_000_000;
/** Bytes of a whole block; a decoder refuses more before it reads them. */
export const BLOCK_BYTES_MAX = 8_388_608;
/** Bytes that an item of a list takes beside its own, when items differ in size. */
export const OFFSET_BYTES = 4;
/** Bytes of an asset's name. */
export const ASSET_NAME_BYTES_MAX = 64;
/** Declared assets of a genesis. */
export const GENESIS_ASSETS_MAX = 16;
/** Founding holdings of one declared asset. */
export const GENESIS_HOLDINGS_MAX = 16_384;
/**
 * Longest duration of a chain, some 8,900 years of milliseconds, and latest time at which one
 * begins: no sum of times and durations leaves the safe integers then.
 */
export const DURATION_MS_MAX = 2 ** 48;
export const GENESIS_TIME_MAX = 2 ** 52;
/** Changed keys in one transition. */
export const CHANGES_MAX = 262_144;
/** Blocks in one answer to a peer that catches up. */
export const SYNC_BLOCKS_MAX = 64;
/** Messages of the asker in one answer about a head. */
export const SEEN_MESSAGES_MAX = 16;
/** Headers in one answer to a peer that joins at a checkpoint. */
export const SYNC_HEADERS_MAX = 256;
