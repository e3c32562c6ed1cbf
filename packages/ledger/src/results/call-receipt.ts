import {
  amount,
  assetId,
  boolean,
  boundedBytes,
  digest,
  type Infer,
  list,
  natural,
  resource,
  struct,
} from "@aethel/models/codec";

/**
 * Most cells, movements of vaults, or events in the receipt of one call. An intent of a contract has
 * at most 64 statements and no loops, and each makes one of them at most.
 */
const ENTRIES_MAX = 64;

/** Most bytes of the keys of a cell: two of 32 bytes. */
const KEYS_BYTES_MAX = 64;

/** Most bytes of an event: 16 fields of 32 bytes. */
const EVENT_BYTES_MAX = 512;

/** Cell that a call wrote: index of its map, its encoded keys, and whether it is present after. */
const WrittenCell = struct("WrittenCell", {
  map: natural(1),
  keys: boundedBytes(KEYS_BYTES_MAX),
  isPresent: boolean,
});

/** Amount in a vault before and after a call. `asset`: 32 zero bytes for the native asset. */
const VaultMovement = struct("VaultMovement", { asset: assetId, before: amount, after: amount });

/** Event that a call emitted: name of a declared record in UTF-8, and its encoded fields. */
const EmittedEvent = struct("EmittedEvent", {
  name: boundedBytes(64),
  bytes: boundedBytes(EVENT_BYTES_MAX),
});

/**
 * Part of a receipt about one call. The lists are empty for a call of plain intents, and in a
 * transaction that was not applied.
 */
export const CallReceipt = struct("CallReceipt", {
  /** Digest by which the call names the intent. */
  intent: digest,
  /** Execution units of the run. */
  units: resource,
  cells: list(WrittenCell, ENTRIES_MAX),
  vaults: list(VaultMovement, ENTRIES_MAX),
  events: list(EmittedEvent, ENTRIES_MAX),
});

export type CallReceipt = Infer<typeof CallReceipt>;
