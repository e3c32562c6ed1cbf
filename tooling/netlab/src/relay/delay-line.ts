import type { Packet } from "./packet.ts";

/** Time that packets from one address to another are under way. */
export interface Delay {
  readonly delayMs: number;
  /** Each packet takes up to this much less or more. Packets of a link keep their order. */
  readonly jitterMs: number;
}

/** Delay of one direction between two addresses. */
export interface DelayRule extends Delay {
  readonly source: number;
  readonly destination: number;
}

/** Line that holds packets until their time has come. */
export interface DelayLine {
  /** Replaces all rules. Packets that are under way keep their time. */
  setRules(rules: readonly DelayRule[]): void;
  /** Takes a packet, which the line keeps without copying it. */
  push(packet: Packet, nowMs: number): void;
  /** Removes and returns the packets whose time has come, in the order in which they are due. */
  takeDue(nowMs: number): readonly Uint8Array[];
  /** Number of packets that are under way. */
  readonly waiting: number;
  /** Number of packets that were dropped since the line was full. */
  readonly dropped: number;
}

interface Waiting {
  readonly dueMs: number;
  readonly bytes: Uint8Array;
}

interface Link {
  readonly delay: Delay;
  readonly queue: Waiting[];
  lastDueMs: number;
}

const NO_DELAY: Delay = { delayMs: 0, jitterMs: 0 };

/**
 * Creates a line without rules, which delays nothing. `draw` returns numbers from 0 up to 1 for the
 * jitter. A packet that comes when `bytesMax` bytes are under way is dropped.
 */
export function createDelayLine(options: {
  readonly draw: () => number;
  readonly bytesMax: number;
}): DelayLine {
  const { draw, bytesMax } = options;
  let delays = new Map<string, Delay>();
  let links = new Map<string, Link>();
  let bytes = 0;
  let waiting = 0;
  let dropped = 0;
  const linkOf = ({ source, destination }: Pick<Packet, "source" | "destination">): Link => {
    const key = `${source} ${destination}`;
    const known = links.get(key);
    if (known !== undefined) return known;
    const link = { delay: delays.get(key) ?? NO_DELAY, queue: [], lastDueMs: 0 };
    links.set(key, link);
    return link;
  };
  return {
    setRules(rules) {
      delays = new Map(
        rules.map((rule) => [`${rule.source} ${rule.destination}`, rule] satisfies [string, Delay]),
      );
      links = new Map(
        [...links].map(([key, link]) => [key, { ...link, delay: delays.get(key) ?? NO_DELAY }]),
      );
    },
    push(packet, nowMs) {
      if (bytes + packet.bytes.length > bytesMax) {
        dropped += 1;
        return;
      }
      const link = linkOf(packet);
      const { delayMs, jitterMs } = link.delay;
      const drawn = nowMs + Math.max(0, delayMs + (draw() * 2 - 1) * jitterMs);
      const dueMs = Math.max(link.lastDueMs, drawn);
      link.lastDueMs = dueMs;
      link.queue.push({ dueMs, bytes: packet.bytes });
      bytes += packet.bytes.length;
      waiting += 1;
    },
    takeDue(nowMs) {
      const due: Waiting[] = [];
      for (const { queue } of links.values()) {
        const end = queue.findIndex(({ dueMs }) => dueMs > nowMs);
        due.push(...queue.splice(0, end < 0 ? queue.length : end));
      }
      for (const each of due) bytes -= each.bytes.length;
      waiting -= due.length;
      return due.sort((left, right) => left.dueMs - right.dueMs).map((each) => each.bytes);
    },
    get waiting() {
      return waiting;
    },
    get dropped() {
      return dropped;
    },
  };
}
