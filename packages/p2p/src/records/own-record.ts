import { equalBytes } from "@aethel/models";
import type { PeerTransportOptions } from "../peer-transport.ts";
import type { Directory } from "../peers/directory.ts";
import type { RecordStore } from "./record-store.ts";
import { createValidatorRecord, type RecordEntry } from "./validator-record.ts";

/**
 * Creates the function that puts this validator's own record into the store: at first, when the set
 * names another of its keys, when its entries change, or when a newer record of an earlier run comes
 * back from a peer. Nothing happens on a node that the set does not name.
 */
export function createOwnRecord(options: {
  readonly transport: Pick<PeerTransportOptions, "genesis" | "validator">;
  readonly directory: Directory;
  readonly store: RecordStore;
  /** Returns the peers through which this validator can be reached. */
  readonly entries: () => readonly RecordEntry[];
  /** Returns milliseconds since 1970. They only order the records of several runs. */
  readonly clock: () => number;
}): () => void {
  const { directory, store } = options;
  const { genesis, validator } = options.transport;
  return () => {
    if (validator === undefined) return;
    const key = directory.keyOf(validator.id);
    const signer = [validator.signer, ...(validator.signers ?? [])].find(
      ({ publicKey }) => key !== undefined && equalBytes(publicKey, key),
    );
    if (signer === undefined) return;
    const held = store.of(validator.id);
    const entries = options.entries();
    if (held !== undefined && JSON.stringify(held.entries) === JSON.stringify(entries)) return;
    const sequence = Math.max(Math.floor(options.clock()), (held?.sequence ?? 0) + 1);
    store.offer(
      createValidatorRecord({ genesis, validator: validator.id, signer, sequence, entries }),
    );
  };
}
