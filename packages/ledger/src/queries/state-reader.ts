import type { LedgerState } from "../state/ledger-state.ts";
import type { Coding } from "../state/state-overlay.ts";

/** Reader of records in the current state. */
export interface StateReader {
  /** Returns the state from which `read` reads. */
  readonly current: () => LedgerState;
  /** Returns the record under a key; undefined if there is none. */
  readonly read: <T>(key: Uint8Array, coding: Coding<T>) => T | undefined;
}

/** Creates a reader of the state that `current` returns at the time. */
export function createStateReader(current: () => LedgerState): StateReader {
  return {
    current,
    read: (key, coding) => {
      const bytes = current().tree.get(key);
      return bytes === undefined ? undefined : coding.decode(bytes);
    },
  };
}
