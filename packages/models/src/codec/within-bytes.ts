import { type Codec, codecOf } from "./codec.ts";

/**
 * The same type with a bound on its whole encoding: more bytes are refused before they are read,
 * and no memory is taken for a larger value. Canonical bytes and JSON stay what they are.
 */
export function withinBytes<T>(codec: Codec<T>, most: number): Codec<T> {
  const { layout } = codec;
  return codecOf<T>(codec.name, {
    ...layout,
    maxSize: Math.min(layout.maxSize, most),
    sizeOf(value) {
      const size = layout.sizeOf(value);
      if (size <= most) return size;
      throw new Error(`${size} bytes are more than ${most}`);
    },
  });
}
