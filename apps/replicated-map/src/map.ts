import { sha256 } from "@aethel/models";
import type { StateCoding, StateMachine } from "@aethel/pbft";

/** Value, and the number of times that its key has been set. */
export interface Entry {
  readonly value: string;
  readonly version: number;
}

/** Replicated state. A map is never changed in place: applying an item makes a new one. */
export type MapState = ReadonlyMap<string, Entry>;

/**
 * Item that sets `key`. It applies only if `version` is one more than the number of times that the
 * key has been set.
 */
export interface Setting extends Entry {
  readonly key: string;
}

/** Most characters of a key. */
export const KEY_CHARACTERS_MAX = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Encodes a setting as the bytes of an item. */
export function encodeSetting({ key, value, version }: Setting): Uint8Array {
  return encoder.encode(JSON.stringify([key, value, version]));
}

/** Decodes a setting from untrusted bytes; undefined if they are not a setting. */
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

/** Returns the `version` that the next setting of a key must have. */
export function nextVersion(state: MapState, key: string): number {
  return (state.get(key)?.version ?? 0) + 1;
}

/**
 * State machine of the map. The number `version` makes a setting apply at most once: the same bytes
 * do not apply a second time, nor an older setting after a newer one.
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

/**
 * Encoding of a whole state. The state is stored every 100 blocks, so that a restarted node need
 * not apply all blocks again.
 */
export const mapCoding: StateCoding<MapState> = {
  encode: encodeState,
  decode(bytes) {
    const settings: readonly [string, string, number][] = JSON.parse(decoder.decode(bytes));
    return new Map(settings.map(([key, value, version]) => [key, { value, version }]));
  },
  everyBlocks: 100,
};

/** Encodes a state with its keys sorted, so that equal states have equal bytes. */
function encodeState(state: MapState): Uint8Array {
  const sorted = [...state].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return encoder.encode(
    JSON.stringify(sorted.map(([key, { value, version }]) => [key, value, version])),
  );
}
