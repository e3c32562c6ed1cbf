/** Changed or removed entry of the address book. */
export interface BookChange {
  /** Peer id as text. */
  readonly peer: string;
  /** Encoded entry. Undefined: it was removed. */
  readonly entry: Uint8Array | undefined;
}

/**
 * Memory of the address book over restarts. It holds at most `entriesMax` entries. Losing it costs
 * time, and nothing else, so its methods need not be durable when they return.
 */
export interface AddressBookStore {
  /** Returns all entries that were written and not removed. */
  load(): Iterable<Uint8Array>;
  /** Writes changes. A failure MUST NOT throw; the entries are then missing after a restart. */
  write(changes: readonly BookChange[]): void;
}

/** Creates a store that is lost with its process, for tests and tools. */
export function createMemoryBookStore(): AddressBookStore {
  const entries = new Map<string, Uint8Array>();
  return {
    load: () => [...entries.values()],
    write(changes) {
      for (const { peer, entry } of changes) {
        if (entry === undefined) entries.delete(peer);
        else entries.set(peer, entry);
      }
    },
  };
}
