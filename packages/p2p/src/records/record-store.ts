import { type AccountId, type Digest, toHex } from "@aethel/models";
import type { Directory } from "../peers/directory.ts";
import { isRecordSigned, type ValidatorRecord } from "./validator-record.ts";

/** Effect of a record on the store. `forged`: the key that the set names did not sign it. */
export type RecordVerdict = "new" | "known" | "stranger" | "forged";

/** Records of the members of the validator set, one of each: the newest. */
export interface RecordStore {
  /**
   * Takes a record. Verifies its signature only if the set names its key and it is newer than the
   * one that is held.
   */
  offer(record: ValidatorRecord): RecordVerdict;
  /** Returns the records of the members of the set, by their present keys, ascending by validator. */
  all(): readonly ValidatorRecord[];
  /** Returns the record of a validator. Undefined if none is held. */
  of(validator: AccountId): ValidatorRecord | undefined;
  /** Whether the record of a member names this peer. */
  vouchesFor(peer: string): boolean;
}

/**
 * Creates an empty store. It holds at most one record for each member of the set, and drops those of
 * validators that have left or changed their key.
 */
export function createRecordStore(options: {
  readonly genesis: Digest;
  readonly directory: Directory;
}): RecordStore {
  const { genesis, directory } = options;
  const held = new Map<string, ValidatorRecord>();
  let version = -1;
  let peers: ReadonlySet<string> | undefined;

  function follow(): void {
    if (directory.version() === version) return;
    version = directory.version();
    peers = undefined;
    for (const [name, record] of held) if (!isMembers(record)) held.delete(name);
  }
  const isMembers = ({ validator, key }: ValidatorRecord) =>
    directory.names({ id: validator, key });

  return {
    offer(record) {
      follow();
      if (!isMembers(record)) return "stranger";
      const name = toHex(record.validator);
      const earlier = held.get(name);
      if (earlier !== undefined && earlier.sequence >= record.sequence) return "known";
      if (!isRecordSigned(genesis, record)) return "forged";
      held.set(name, record);
      peers = undefined;
      return "new";
    },
    all() {
      follow();
      return [...held]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([, record]) => record);
    },
    of(validator) {
      follow();
      return held.get(toHex(validator));
    },
    vouchesFor(peer) {
      follow();
      peers ??= new Set(
        [...held.values()].flatMap(({ entries }) => entries.map((one) => one.peer)),
      );
      return peers.has(peer);
    },
  };
}
