import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  imageOf,
  type SolverMemory,
  takeSnapshot,
  viewMemory,
} from "../../src/z3/memory/memory-image.ts";

const SIZE = 16_384;
const layout = { stackTop: 4_096, breakAt: 4_096 };

/** Ranges where every word or every second one is the same, and bytes at the ends of blocks. */
const writes = fc.array(
  fc.oneof(
    fc.record({
      from: fc.nat({ max: SIZE / 8 - 1 }),
      words: fc.integer({ min: 1, max: 1_024 }),
      step: fc.integer({ min: 1, max: 2 }),
      word: fc.constantFrom(0n, 1n, 0xff00n, 0x0101_0101_0101_0101n),
    }),
    fc.record({
      block: fc.nat({ max: SIZE / 512 - 1 }),
      offset: fc.constantFrom(0, 7, 8, 300, 503, 504, 511),
      byte: fc.integer({ min: 0, max: 255 }),
    }),
  ),
  { maxLength: 8 },
);
type Writes = typeof writes extends fc.Arbitrary<infer T> ? T : never;
const breaks = fc.integer({ min: 514, max: SIZE / 8 }).map((words) => words * 8);

function apply(memory: SolverMemory, all: Writes): void {
  for (const one of all) {
    if ("byte" in one) memory.bytes[512 * one.block + one.offset] = one.byte;
    else {
      const end = Math.min(one.from + one.words, memory.words.length);
      for (let at = one.from; at < end; at += one.step) memory.words[at] = one.word;
    }
  }
}

function endAt({ bytes, view }: SolverMemory, end: number): void {
  bytes.fill(0, end);
  view.setUint32(layout.breakAt, end, true);
}

test.each(["Node", "a browser"])(
  "in %s, what is put back is byte for byte what was taken, whatever was written between",
  (place) => {
    if (place === "a browser") vi.stubGlobal("Buffer", undefined);
    const memory = viewMemory(new Uint8Array(SIZE), layout);
    vi.unstubAllGlobals();
    fc.assert(
      fc.property(writes, breaks, writes, breaks, (first, end, second, later) => {
        memory.bytes.fill(0);
        apply(memory, first);
        endAt(memory, end);
        const taken = memory.bytes.slice();
        const image = imageOf(memory, takeSnapshot(memory));
        apply(memory, second);
        endAt(memory, Math.max(end, later));

        image.restore();

        expect(Buffer.compare(memory.bytes, taken)).toBe(0);
      }),
      { numRuns: 3_000 },
    );
  },
);
