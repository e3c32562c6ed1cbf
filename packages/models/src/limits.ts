/**
 * Limits of the wire format. Every list and every byte string on the wire has one, so no input is
 * unbounded.
 */

/**
 * Greatest number of validators in a set that can be encoded. The bits of a certificate then take 8
 * KiB.
 */
export const VALIDATORS_MAX = 65_536;
/**
 * Greatest number of members of a chain's validator set. The encoded set is one value of the state
 * tree, and so below 1 MiB.
 */
export const SEATS_MAX = 14_000;
/** Greatest number of bytes of a published source text. */
export const SOURCE_BYTES_MAX = 65_536;
/** Greatest number of bytes of a theorem's script. */
export const SCRIPT_BYTES_MAX = 1_048_576;
/** Greatest number of calls of one transaction. */
export const CALLS_MAX = 16;
/** Greatest number of spending limits of one transaction. */
export const SPENDING_LIMITS_MAX = 64;
/** Greatest number of arguments of one call. */
export const ARGUMENTS_MAX = 64;
/** Greatest number of cosigners of one invoke. */
export const COSIGNERS_MAX = 16;
/** Greatest number of items in one block. */
export const ITEMS_MAX = 8_192;
/** Greatest number of bytes of one item. */
export const ITEM_BYTES_MAX = 1_114_112;
/** Greatest number of bytes of the application's part of a header. */
export const APPLICATION_HEADER_BYTES_MAX = 1_024;
/** Greatest number of bytes of one entry of a block's annex. */
export const ANNEX_ENTRY_BYTES_MAX = 256;
/** Greatest number of bytes of all entries of a block's annex, with their offsets. */
export const ANNEX_BYTES_MAX = 262_144;
/**
 * Greatest number of bytes of a claim that shows that a header is false: a published source, a
 * counterexample and two paths.
 */
export const CLAIM_BYTES_MAX = 86_016;
/** Greatest number of pieces of evidence in one block. */
export const EVIDENCE_MAX = 64;
/** Greatest number of bytes of a counterexample in evidence. */
export const COUNTEREXAMPLE_BYTES_MAX = 16_384;
/**
 * Greatest number of bytes of all evidence in one block, in addition to those of its proofs. It is
 * twice the largest piece that can convict, which has a published source, a counterexample and two
 * paths.
 */
export const EVIDENCE_BYTES_MAX = 262_144;
/**
 * Greatest number of execution units of all evidence in one block: a quarter of the least
 * `blockUnitsMax`. Any single piece that fits into a block takes less.
 */
export const EVIDENCE_UNITS_MAX = 1_000_000;
/** Greatest number of bytes of a whole block. A decoder refuses more before it reads them. */
export const BLOCK_BYTES_MAX = 8_388_608;
/**
 * Bytes of an offset. In a list whose items vary in size, each item takes this in addition to its
 * own bytes.
 */
export const OFFSET_BYTES = 4;
/** Greatest number of bytes of an asset's name. */
export const ASSET_NAME_BYTES_MAX = 64;
/** Greatest number of declared assets of a genesis. */
export const GENESIS_ASSETS_MAX = 16;
/** Greatest number of founding holdings of one declared asset. */
export const GENESIS_HOLDINGS_MAX = 16_384;
/**
 * Longest duration among the parameters, about 8,900 years in milliseconds. With it and
 * `GENESIS_TIME_MAX`, the latest time of a genesis, no sum of times and durations exceeds the safe
 * integers.
 */
export const DURATION_MS_MAX = 2 ** 48;
export const GENESIS_TIME_MAX = 2 ** 52;
/** Greatest number of changed keys in one transition. */
export const CHANGES_MAX = 262_144;
/** Greatest number of blocks in one answer to a peer that catches up. */
export const SYNC_BLOCKS_MAX = 64;
/** Greatest number of messages of the requester in one `signed-head` answer. */
export const SEEN_MESSAGES_MAX = 16;
/** Greatest number of headers in one answer to a peer that joins at a checkpoint. */
export const SYNC_HEADERS_MAX = 256;
/** Greatest number of header updates in one answer to a peer that follows the chain by headers. */
export const SYNC_UPDATES_MAX = 256;
/**
 * Greatest number of bytes of all header updates in one answer. Two of the largest updates of a
 * ledger fit, since each has a set of at most `SEATS_MAX` members and as many signatures.
 */
export const SYNC_UPDATES_BYTES_MAX = 4_194_304;
/** Greatest number of bytes of a validator set, or of a leaders' record, in an answer. */
export const SYNC_PART_BYTES_MAX = 1_048_576;
/** Greatest number of snapshots that one answer offers. */
export const SNAPSHOT_OFFERS_MAX = 8;
/** Greatest number of bytes of one chunk of a snapshot. */
export const SNAPSHOT_CHUNK_BYTES_MAX = 4_194_304;
