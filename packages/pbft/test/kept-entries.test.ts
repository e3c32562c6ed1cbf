import { toSequence, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { SigningEntry } from "../src/index.ts";
import { entriesBeyond } from "../src/replay.ts";
import { GENESIS } from "./keys.ts";

/** Entries at these sequences; looking at them more than `most` times throws instead of going on. */
function watched(sequences: readonly number[], most: number): readonly SigningEntry[] {
  let looks = 0;
  return sequences.map((sequence, view) => ({
    type: "vote",
    phase: "prepare",
    view: toView(view),
    digest: GENESIS,
    get sequence() {
      looks += 1;
      if (looks > most) throw new Error("looks without end");
      return toSequence(sequence);
    },
  }));
}

describe("entries of sequences beyond the head", () => {
  test.each([
    [9, [2, 3, 3, 4, 5, 5], 0],
    [6, [2, 3, 3, 4, 5, 5], 0],
    [5, [3, 3, 4, 5, 5], 2],
    [3, [4, 5, 5], 3],
    [1, [5, 5], 4],
    [0, [5, 5], 4],
  ] as const)("where %d have room, the lowest sequences go, with an end", (max, left, dropped) => {
    const beyond = entriesBeyond(watched([1, 2, 3, 3, 4, 5, 5], 200), toSequence(1), max);

    expect(beyond.dropped).toBe(dropped);
    expect(beyond.kept.map((entry) => entry.type === "vote" && entry.sequence)).toEqual(left);
  });

  test.each([
    [4_096, 0],
    [4_097, 2],
  ])("4,096 have room: of %d those of sequence %d go", (count, dropped) => {
    const sequences = Array.from({ length: count }, (_, at) => (at === 0 ? 2 : 3));

    const beyond = entriesBeyond(watched(sequences, 9 * count), toSequence(1));

    expect(beyond.dropped).toBe(dropped);
    expect(beyond.kept).toHaveLength(4_096);
  });
});
