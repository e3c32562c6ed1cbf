import { type Codec, codecOf } from "./codec.ts";

/**
 * Returns a codec of the same type whose encodings have at most `most` bytes. It refuses longer
 * input before it reads it, and takes no memory for a larger value. Canonical bytes and JSON stay
 * the same.
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
