import { type ConsensusMessage, type Digest, equalBytes, toHex } from "@aethel/models";
import { decodeSigningLog, type SigningEntry, sequenceOf } from "../src/index.ts";

/**
 * Throws when an honest node contradicts what it ever signed, signs below a view it asked for, asks
 * for a view without owning up to the block it has committed to or named before, or signs what its log does not hold. It remembers across crashes; `log` is what survives one.
 */
export type HonestyCheck = (
  node: number,
  message: ConsensusMessage,
  log: readonly Uint8Array[],
) => void;

/** A record never changes, and is looked at with every statement after it. */
const decoded = new WeakMap<Uint8Array, readonly SigningEntry[]>();

function entriesOf(record: Uint8Array): readonly SigningEntry[] {
  const known = decoded.get(record) ?? decodeSigningLog([record]);
  decoded.set(record, known);
  return known;
}

interface SignedIn {
  readonly view: number;
  readonly digest: Digest;
}

export function createHonestyCheck(): HonestyCheck {
  const statements = new Map<string, string>();
  const asked = new Map<string, number>();
  const committed = new Map<string, SignedIn[]>();
  const locks = new Map<string, number>();
  return (node, message, log) => {
    const entries = log.flatMap(entriesOf);
    const sequence = sequenceOf(message);
    const place = `${node}/${sequence}`;
    const unique = (kind: string, view: number, digest: Digest): void => {
      const key = `${kind}/${place}/${view}`;
      const known = statements.get(key);
      const value = toHex(digest);
      if (known !== undefined && known !== value) throw new Error(`CONTRADICTION ${key}`);
      statements.set(key, value);
      const request = asked.get(place) ?? 0;
      if (known === undefined && view < request) throw new Error(`BELOW A REQUEST ${key}`);
    };
    const durable = entries.some((entry) => isRecordOf(entry, message));
    if (!durable) throw new Error(`NOT DURABLE: ${message.type} of node ${node}`);
    switch (message.type) {
      case "commit": {
        const { view, digest } = message;
        committed.set(place, [...(committed.get(place) ?? []), { view, digest }]);
        return unique(message.type, view, digest);
      }
      case "prepare":
        return unique(message.type, message.view, message.digest);
      case "pre-prepare":
      case "new-view":
        return unique("proposal", message.proposal.view, message.proposal.digest);
      case "view-change": {
        const { newView, prepared } = message.body;
        const named =
          prepared === undefined ? "none" : `${prepared.view}/${toHex(prepared.digest)}`;
        const key = `request/${place}/${newView}`;
        const known = statements.get(key);
        if (known !== undefined && known !== named) throw new Error(`CONTRADICTION ${key}`);
        statements.set(key, named);
        const lock = prepared?.view ?? -1;
        if (lock < (locks.get(place) ?? -1)) throw new Error(`LOCK LOST ${key}`);
        locks.set(place, lock);
        const isOwnedUp = (own: SignedIn): boolean =>
          own.view >= newView ||
          (prepared !== undefined &&
            (prepared.view > own.view ||
              (prepared.view === own.view && equalBytes(prepared.digest, own.digest))));
        const hidden = (committed.get(place) ?? []).some((own) => !isOwnedUp(own));
        if (hidden) throw new Error(`LOCK HIDDEN ${key}`);
        asked.set(place, Math.max(asked.get(place) ?? 0, newView));
      }
    }
  };
}

function isRecordOf(entry: SigningEntry, message: ConsensusMessage): boolean {
  switch (message.type) {
    case "prepare":
    case "commit":
      return (
        entry.type === "vote" &&
        entry.phase === message.type &&
        entry.sequence === message.sequence &&
        entry.view === message.view &&
        equalBytes(entry.digest, message.digest)
      );
    case "pre-prepare":
    case "new-view":
      return (
        entry.type === "proposal" &&
        entry.view === message.proposal.view &&
        equalBytes(entry.digest, message.proposal.digest)
      );
    case "view-change":
      return (
        entry.type === "view-change" &&
        entry.body.newView === message.body.newView &&
        entry.body.prepared?.view === message.body.prepared?.view
      );
  }
}
