import { type Codec, codecOf } from "./codec.ts";

/**
 * The same type with a limit on the bytes of an encoding. Longer input is refused before it is
 * read, and for a larger value no memory is taken. Canonical bytes and JSON stay the same.
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
