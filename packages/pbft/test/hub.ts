import { type AccountId, type ConsensusMessage, equalBytes, toHex } from "@aethel/models";
import type { Application, Clock, SigningLog, Transport, TransportHandlers } from "../src/index.ts";
import type { Counter } from "./counter.ts";

/** A network within one process on which peers can be cut off. */
export class Hub {
  readonly #members = new Map<string, { id: AccountId; handlers: TransportHandlers }>();
  readonly cut = new Set<string>();
  sent = 0;

  connect(id: AccountId): Transport {
    const name = toHex(id);
    const others = (): { id: AccountId; handlers: TransportHandlers }[] =>
      this.cut.has(name)
        ? []
        : [...this.#members.values()].filter(
            (other) => !equalBytes(other.id, id) && !this.cut.has(toHex(other.id)),
          );
    const find = (to: AccountId) => others().find((other) => equalBytes(other.id, to));
    return {
      attach: (handlers) => {
        this.#members.set(name, { id, handlers });
        for (const other of others()) {
          other.handlers.connected(id);
          handlers.connected(other.id);
        }
      },
      peers: () => others().map((other) => other.id),
      send: (to, message) => {
        this.sent += 1;
        setImmediate(() => find(to)?.handlers.message(message, id));
      },
      broadcast: (message) => {
        this.sent += 1;
        for (const other of others()) {
          setImmediate(() => find(other.id)?.handlers.message(message, id));
        }
      },
      request: async (to, request) => {
        const other = find(to);
        if (other === undefined) throw new Error("not reachable");
        return other.handlers.request(request, id);
      },
    };
  }

  /** Delivers to everyone at once, as a socket full of messages does. */
  flood(message: ConsensusMessage, from: AccountId): void {
    for (const { handlers, id } of this.#members.values()) {
      if (!equalBytes(id, from)) handlers.message(message, from);
    }
  }

  /** As if the process behind `id` had gone. */
  disconnect(id: AccountId): void {
    this.#members.delete(toHex(id));
  }
}

/** Real time; counts what is still scheduled. */
export function createRealClock(): Clock & { scheduled(): number } {
  const pending = new Set<NodeJS.Timeout>();
  return {
    now: () => Date.now(),
    schedule(delayMs, action) {
      const timer = setTimeout(() => {
        pending.delete(timer);
        action();
      }, delayMs);
      pending.add(timer);
      return () => {
        clearTimeout(timer);
        pending.delete(timer);
      };
    },
    scheduled: () => pending.size,
  };
}

/** A signing log that survives the replica, as a file would. */
export function createLog(records: Uint8Array[] = []): SigningLog & { records: Uint8Array[] } {
  const log = {
    records,
    load: async () => log.records,
    append: async (record: Uint8Array) => {
      log.records = [...log.records, record];
    },
    compact: async (kept: readonly Uint8Array[]) => {
      log.records = [...kept];
    },
  };
  return log;
}

/** The counter behind the asynchronous port. */
export function asApplication(counter: Counter): Application {
  return {
    head: () => counter.head,
    hasWork: () => counter.pending > 0,
    propose: async (request) => counter.propose(request),
    verify: async ({ block, patience }) => counter.verify(block, patience),
    commit: async (finalized, leadership) => counter.commit(finalized, leadership),
    finalized: async (sequence) => counter.blocks[sequence - 1],
    header: async (sequence) => counter.blocks[sequence - 1]?.block.header,
  };
}
