import { type LedgerEvent, stateKey } from "@aethel/ledger";
import { keepTree, releaseTree, snapshotChunks, type Tree } from "@aethel/merkle";
import { blockDigest, type SnapshotHead, type SnapshotOffer, toHex } from "@aethel/models";
import type { SnapshotSource } from "@aethel/pbft";
import type { SnapshotRecord } from "./snapshot-record.ts";
import type { Snapshot, SnapshotSchedule } from "./snapshot-schedule.ts";
import { createServing, type ServingLimits } from "./snapshot-serving.ts";

/** Options of the snapshots that a node makes. */
export interface SnapshotSourceOptions {
  /**
   * Ledger whose state is taken. Events come after the block is durable, and before the version of
   * the state can be released.
   */
  readonly ledger: {
    readonly subscribe: (listener: (event: LedgerEvent) => void) => () => void;
    readonly state: () => { readonly tree: Tree };
    readonly head: () => Pick<SnapshotRecord, "header"> & {
      readonly certificate: SnapshotRecord["certificate"] | undefined;
      readonly leadership?: Uint8Array | undefined;
    };
  };
  readonly schedule: SnapshotSchedule;
  /** Snapshots of the store, from before the last start. Their trees belong to the source. */
  readonly restored: readonly Snapshot[];
  readonly limits?: Partial<ServingLimits>;
  /** Called when a snapshot can be served. */
  readonly onTaken?: (offer: SnapshotOffer) => void;
}

/** Snapshots of a node. Disposing of it releases their versions of the state. */
export interface NodeSnapshots extends SnapshotSource, Disposable {
  /** Returns the version of a snapshot, for an export. The caller MUST NOT release it. */
  readonly tree: (sequence: number) => Tree | undefined;
}

/**
 * Takes a snapshot after each block whose sequence is a multiple of the
 * schedule's `every`. Taking one costs
 * nothing: the tree is persistent, so the source only keeps the version, and its nodes that later
 * blocks replace stay in memory until the snapshot is dropped.
 */
export function createSnapshotSource(options: SnapshotSourceOptions): NodeSnapshots {
  const { ledger, restored, onTaken } = options;
  const { every, keep } = options.schedule;
  const kept = new Map<number, Snapshot & { readonly offer: SnapshotOffer }>();
  const serving = createServing(options.limits);
  const add = (snapshot: Snapshot): void => {
    const { sequence } = snapshot.record.header;
    if (kept.has(sequence)) return releaseTree(snapshot.tree);
    const offer = offerOf(snapshot);
    kept.set(sequence, { ...snapshot, offer });
    for (const [old, { tree }] of [...kept].toSorted(([one], [other]) => one - other)) {
      if (kept.size <= keep) break;
      kept.delete(old);
      releaseTree(tree);
    }
    if (kept.has(sequence)) onTaken?.(offer);
  };
  for (const snapshot of restored) add(snapshot);
  const end = ledger.subscribe((event) => {
    if (event.type !== "finalized" || keep === 0 || event.sequence % every !== 0) return;
    const { header, certificate, leadership = new Uint8Array() } = ledger.head();
    if (certificate === undefined || header.sequence !== event.sequence) return;
    add({ record: { header, certificate, leadership }, tree: keepTree(ledger.state().tree) });
  });
  return {
    offers: () =>
      [...kept.values()]
        .map(({ offer }) => offer)
        .toSorted((one, other) => one.sequence - other.sequence),
    head: (sequence) => {
      const found = kept.get(sequence);
      return Promise.resolve(found === undefined ? undefined : headOf(found));
    },
    chunk: (sequence, from) =>
      serving.serve(`${sequence} ${toHex(from)}`, () => {
        const tree = kept.get(sequence)?.tree;
        if (tree === undefined || from.length !== PATH_BYTES) return undefined;
        return snapshotChunks(tree, { from }).next().value ?? undefined;
      }),
    tree: (sequence) => kept.get(sequence)?.tree,
    [Symbol.dispose]: () => {
      end();
      for (const { tree } of kept.values()) releaseTree(tree);
      kept.clear();
    },
  };
}

/** Bytes of a path in the state's tree. */
const PATH_BYTES = 32;

/** Returns all that a joiner must know besides the state. */
function headOf({ record, tree }: Snapshot): SnapshotHead | undefined {
  const validators = tree.get(stateKey.previousSet);
  const nextValidators = tree.get(stateKey.votingSet);
  if (validators === undefined || nextValidators === undefined) return undefined;
  return { ...record, validators, nextValidators };
}

/**
 * Number of entries whose size is counted. Entries are in the order of their hashed keys, so the
 * first ones are a random sample.
 */
const SAMPLED = 4_096;

function offerOf({ record: { header }, tree }: Snapshot): SnapshotOffer {
  let [count, bytes] = [0, 0];
  for (const { key, value } of tree.entries()) {
    bytes += key.length + value.length;
    count++;
    if (count === SAMPLED) break;
  }
  const { size: entries } = tree;
  return {
    sequence: header.sequence,
    digest: blockDigest(header),
    entries,
    bytes: count === 0 ? 0 : Math.round((bytes / count) * entries),
  };
}
