import { type Codec, codecOf } from "./codec.ts";

/**
 * SSZ `Bitlist[limit]` as an array of booleans. In JSON it is a string of 0 and 1.
 *
 * The highest set bit of the last byte marks the end of the list. Nothing else states the length,
 * so nothing can contradict it (B15 in docs/known-bugs.md). A last byte of zero is refused, and so
 * is a list longer than the limit.
 */
export function bits(limit: number): Codec<readonly boolean[]> {
  return codecOf<readonly boolean[]>(`bits up to ${limit}`, {
    schema: { type: "bits", limit },
    fixedSize: undefined,
    minSize: 1,
    maxSize: Math.floor(limit / 8) + 1,
    sizeOf: (value) => Math.floor(checked(value).length / 8) + 1,
    write({ bytes }, at, value) {
      if (value.length > limit) throw new Error(`more than ${limit} bits`);
      for (let bit = 0; bit < value.length; bit++) {
        if (typeof value[bit] !== "boolean") throw new Error(`bit ${bit} is not a boolean`);
        if (value[bit] === true) setBit(bytes, at, bit);
      }
      setBit(bytes, at, value.length);
      return at + Math.floor(value.length / 8) + 1;
    },
    read({ bytes }, start, end) {
      const last = bytes[end - 1] ?? 0;
      if (last === 0) throw new Error("a bit list ends in a set bit");
      const length = 8 * (end - 1 - start) + (31 - Math.clz32(last));
      if (length > limit) throw new Error(`more than ${limit} bits`);
      return Array.from({ length }, (_, bit) => getBit(bytes, start, bit));
    },
    toJson: (value) =>
      checked(value)
        .map((bit) => (bit ? "1" : "0"))
        .join(""),
    fromJson(json) {
      if (typeof json !== "string" || !/^[01]*$/.test(json)) {
        throw new Error("expected a string of 0 and 1");
      }
      return Array.from(json, (digit) => digit === "1");
    },
  });
}

function setBit(bytes: Uint8Array, at: number, bit: number): void {
  const index = at + (bit >> 3);
  bytes[index] = (bytes[index] ?? 0) | (1 << (bit & 7));
}

function getBit(bytes: Uint8Array, at: number, bit: number): boolean {
  return (((bytes[at + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 1;
}

function checked(value: readonly boolean[]): readonly boolean[] {
  if (Array.isArray(value)) return value;
  throw new Error("expected an array of booleans");
}
