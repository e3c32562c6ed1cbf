import { sha256 } from "@aethel/models";
import type { StateCoding, StateMachine } from "@aethel/pbft";

/** A value, and how many times its key has been set. */
export interface Entry {
  readonly value: string;
  readonly version: number;
}

/** What is replicated. A map is never changed in place: each item makes a new one. */
export type MapState = ReadonlyMap<string, Entry>;

/** An item: sets `key`, if that is its setting number `version`. */
export interface Setting extends Entry {
  readonly key: string;
}

const KEY_CHARACTERS_MAX = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes of an item. */
export function encodeSetting({ key, value, version }: Setting): Uint8Array {
  return encoder.encode(JSON.stringify([key, value, version]));
}

/** A setting from bytes that anybody may have made; undefined for any others than its own. */
export function decodeSetting(bytes: Uint8Array): Setting | undefined {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(bytes));
    if (!Array.isArray(parsed) || parsed.length !== 3) return undefined;
    const [key, value, version]: readonly unknown[] = parsed;
    if (typeof key !== "string" || typeof value !== "string") return undefined;
    if (typeof version !== "number" || !Number.isSafeInteger(version)) return undefined;
    return key.length <= KEY_CHARACTERS_MAX ? { key, value, version } : undefined;
  } catch {
    return undefined;
  }
}

/** The number that the next setting of a key has. */
export function nextVersion(state: MapState, key: string): number {
  return (state.get(key)?.version ?? 0) + 1;
}

/**
 * The state machine. The number makes a setting count once: whoever orders the same bytes again, or
 * an older setting after a newer one, has made an item that cannot apply.
 */
export const mapMachine: StateMachine<MapState> = {
  initial: new Map(),
  apply(state, bytes) {
    const setting = decodeSetting(bytes);
    if (setting === undefined) return undefined;
    const { key, value, version } = setting;
    if (version !== nextVersion(state, key)) return undefined;
    return new Map(state).set(key, { value, version });
  },
  root: (state) => sha256(encodeState(state)),
};

/** Bytes of a whole state, so that a node that starts again need not apply all blocks. */
export const mapCoding: StateCoding<MapState> = {
  encode: encodeState,
  decode(bytes) {
    const settings: readonly [string, string, number][] = JSON.parse(decoder.decode(bytes));
    return new Map(settings.map(([key, value, version]) => [key, { value, version }]));
  },
  everyBlocks: 100,
};

/** Equal states have equal bytes, whatever the order in which keys came: they are sorted. */
function encodeState(state: MapState): Uint8Array {
  const sorted = [...state].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return encoder.encode(
    JSON.stringify(sorted.map(([key, { value, version }]) => [key, value, version])),
  );
}
