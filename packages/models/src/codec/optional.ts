import { type Codec, codecOf } from "./codec.ts";
import { readExactly } from "./layout.ts";

/**
 * SSZ `Optional[item]` (EIP-6475): no byte if the value is `undefined`, otherwise a byte 1 and the
 * item.
 */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  const { layout } = item;
  return codecOf<T | undefined>(`optional ${item.name}`, {
    schema: { type: "optional", item: layout.schema },
    fixedSize: undefined,
    minSize: 0,
    maxSize: 1 + layout.maxSize,
    sizeOf: (value) => (value === undefined ? 0 : 1 + layout.sizeOf(value)),
    write(memory, at, value) {
      if (value === undefined) return at;
      memory.bytes[at] = 1;
      return layout.write(memory, at + 1, value);
    },
    read(memory, start, end) {
      if (start === end) return undefined;
      if (memory.bytes[start] !== 1) throw new Error(`selector ${memory.bytes[start]} is not 1`);
      return readExactly(layout, memory, start + 1, end);
    },
    toJson: (value) => (value === undefined ? null : layout.toJson(value)),
    fromJson: (json) => (json === null || json === undefined ? undefined : layout.fromJson(json)),
  });
}
