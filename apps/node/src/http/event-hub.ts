/** Event of a running node, for `GET /events`. `data` can be written as JSON. */
export interface NodeEvent {
  readonly type: NodeEventType;
  readonly data: object;
}

/** Names of the server-sent events. */
export type NodeEventType =
  | "judged"
  | "refused"
  | "finalized"
  | "view-changed"
  | "block-refused"
  | "evidence"
  | "slashed"
  | "accuracy"
  | "mempool"
  | "peer"
  | "diverged"
  | "why";

/** Event with its number. The first event after the start of the process has number 1. */
export interface NumberedEvent extends NodeEvent {
  readonly id: number;
}

/** Reader of events. The caller iterates over it and MUST close it when done. */
export interface EventSubscription extends AsyncIterable<NumberedEvent> {
  close(): void;
}

/** Distributor of events to readers. It keeps the last events for readers that subscribe later. */
export interface EventHub {
  publish(event: NodeEvent): void;
  /** Subscribes to the kept events with a number above `after`, and then to all new events. */
  subscribe(after: number): EventSubscription;
  readonly subscribers: number;
  close(): void;
}

/** Number of events that are kept for late readers. */
const KEPT_MAX = 2_048;
/**
 * Most unread events of a reader. A reader with more is closed. It can subscribe again from the
 * last event that it read.
 */
const UNREAD_MAX = 4_096;

/** Creates a hub without events. */
export function createEventHub(): EventHub {
  const kept: NumberedEvent[] = [];
  const readers = new Set<Reader>();
  let count = 0;
  return {
    publish(event) {
      count += 1;
      const numbered = { ...event, id: count };
      kept.push(numbered);
      if (kept.length > KEPT_MAX) kept.shift();
      for (const reader of readers) reader.push(numbered);
    },
    subscribe(after) {
      const reader = createReader(
        kept.filter(({ id }) => id > after),
        () => readers.delete(reader),
      );
      readers.add(reader);
      return reader;
    },
    get subscribers() {
      return readers.size;
    },
    close() {
      for (const reader of readers) reader.close();
    },
  };
}

interface Reader extends EventSubscription {
  push(event: NumberedEvent): void;
}

function createReader(first: readonly NumberedEvent[], onClose: () => void): Reader {
  const unread = [...first];
  let isOpen = true;
  let wake: (() => void) | undefined;
  const close = (): void => {
    isOpen = false;
    onClose();
    wake?.();
  };
  return {
    close,
    push(event) {
      unread.push(event);
      if (unread.length > UNREAD_MAX) close();
      wake?.();
    },
    async *[Symbol.asyncIterator]() {
      try {
        while (isOpen) {
          const next = unread.shift();
          if (next !== undefined) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        close();
      }
    },
  };
}
