import { type Digest, ITEM_BYTES_MAX, ITEMS_MAX, type Item, itemOf, toHex } from "@aethel/models";
import { PbftError } from "../errors.ts";
import { applyItem, type StateMachine } from "./state-machine.ts";

/** Bounds of the items that wait at one replica, and of a block that it builds. */
export interface PendingBounds {
  /** Most items that wait. Default 4,096. */
  readonly items: number;
  /** Most bytes of all items that wait. Default 4 MiB. */
  readonly bytes: number;
  /** Most bytes of one item. Default 65,536; at most `ITEM_BYTES_MAX`. */
  readonly itemBytes: number;
  /** Most items of a block. Default 1,024; at most `ITEMS_MAX`. */
  readonly blockItems: number;
  /** Most bytes of the items of a block. Default 1 MiB; at least `itemBytes`, at most 4 MiB. */
  readonly blockBytes: number;
}

const MIB = 1_048_576;

const DEFAULT_BOUNDS: PendingBounds = {
  items: 4_096,
  bytes: 4 * MIB,
  itemBytes: 65_536,
  blockItems: 1_024,
  blockBytes: MIB,
};

/**
 * Upper limit for `blockBytes`: half of a block. Evidence, certificate and offsets have the other
 * half.
 */
const BLOCK_BYTES_MOST = 4 * MIB;

/** Most hashes of final items that are remembered, so that a late copy of an item is recognized. */
const REMEMBERED_MAX = 8_192;

/** Answer to the submission of an item. */
export type Submission =
  /** The item waits for a block. */
  | { readonly type: "accepted"; readonly item: Item }
  /** The item waits already, or was in one of the last blocks. */
  | { readonly type: "known"; readonly item: Item }
  /**
   * The item is not kept: the mempool is full, the item is too large, or it cannot apply after the
   * items that wait.
   */
  | {
      readonly type: "refused";
      readonly item: Item;
      readonly code: "full" | "oversize" | "does-not-apply";
      readonly reason: string;
    };

/**
 * Items that wait, in order of arrival. All of them can be applied to the state one after the
 * other. So whenever an item waits, there is something to propose.
 */
export interface PendingItems<State> {
  readonly submit: (bytes: Uint8Array) => Submission;
  readonly hasAny: () => boolean;
  /** Returns the first items, as many as fit into one block. */
  readonly first: () => readonly Item[];
  readonly all: () => readonly Item[];
  /** Returns a waiting item by its hash; undefined if no waiting item has it. */
  readonly item: (hash: Digest) => Item | undefined;
  /**
   * Sets the state after a block. Drops the items of the block, and those that cannot apply any
   * more.
   */
  readonly rebase: (state: State, final: readonly Item[]) => void;
}

/**
 * Completes bounds with the defaults.
 * @throws PbftError `CONFIG` with every bound that is out of range.
 */
export function resolveBounds(given: Partial<PendingBounds> = {}): PendingBounds {
  const bounds = { ...DEFAULT_BOUNDS, ...given };
  const most = {
    items: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
    itemBytes: Math.min(ITEM_BYTES_MAX, bounds.blockBytes),
    blockItems: ITEMS_MAX,
    blockBytes: BLOCK_BYTES_MOST,
  };
  const problems = (["items", "bytes", "itemBytes", "blockItems", "blockBytes"] as const)
    .filter((name) => !(Number.isSafeInteger(bounds[name]) && bounds[name] > 0))
    .map((name) => `bounds.${name}: ${bounds[name]} is not a positive whole number`);
  const beyond = (["itemBytes", "blockItems", "blockBytes"] as const)
    .filter((name) => bounds[name] > most[name])
    .map((name) => `bounds.${name}: ${bounds[name]} is more than ${most[name]}`);
  if (problems.length + beyond.length === 0) return bounds;
  throw new PbftError({ code: "CONFIG", problems: [...problems, ...beyond] });
}

/** Creates an empty list of waiting items on top of a state. */
export function createPendingItems<State>(
  machine: StateMachine<State>,
  start: { readonly state: State; readonly bounds: PendingBounds },
): PendingItems<State> {
  const { bounds } = start;
  const waiting = new Map<string, Item>();
  const remembered = new Set<string>();
  let bytes = 0;
  /** State after all items that wait. */
  let ahead = start.state;

  const remember = (name: string): void => {
    remembered.delete(name);
    remembered.add(name);
    const [oldest] = remembered;
    if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
  };
  const keep = (name: string, item: Item): "kept" | { readonly reason: string } => {
    const applied = applyItem(machine, ahead, item);
    if (applied.type === "refused") return applied;
    ahead = applied.state;
    waiting.set(name, item);
    bytes += item.bytes.length;
    return "kept";
  };

  return {
    submit(given) {
      // A copy: the caller may write into its bytes, whose hash is kept.
      const item = itemOf(given.slice());
      const { length } = item.bytes;
      if (length > bounds.itemBytes) {
        const reason = `${length} bytes, more than ${bounds.itemBytes}`;
        return { type: "refused", item, code: "oversize", reason };
      }
      const name = toHex(item.hash);
      if (waiting.has(name) || remembered.has(name)) return { type: "known", item };
      if (waiting.size >= bounds.items || bytes + length > bounds.bytes) {
        const reason = `${waiting.size} items of ${bytes} bytes wait; try again after a block`;
        return { type: "refused", item, code: "full", reason };
      }
      const kept = keep(name, item);
      if (kept === "kept") return { type: "accepted", item };
      return { type: "refused", item, code: "does-not-apply", reason: kept.reason };
    },
    hasAny: () => waiting.size > 0,
    first() {
      const items: Item[] = [];
      let taken = 0;
      for (const item of waiting.values()) {
        taken += item.bytes.length;
        if (items.length >= bounds.blockItems || taken > bounds.blockBytes) break;
        items.push(item);
      }
      return items;
    },
    all: () => [...waiting.values()],
    item: (hash) => waiting.get(toHex(hash)),
    rebase(state, final) {
      for (const { hash } of final) remember(toHex(hash));
      const before = [...waiting];
      waiting.clear();
      bytes = 0;
      ahead = state;
      for (const [name, item] of before) if (!remembered.has(name)) keep(name, item);
    },
  };
}
