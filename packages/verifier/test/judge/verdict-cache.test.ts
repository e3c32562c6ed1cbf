import { toDifficulty, toResource } from "@aethel/models/primitives";
import { describe, expect, test } from "vitest";
import { createVerdictCache, verdictKey, weightOf } from "../../src/judge/verdict-cache.ts";
import type { Judged } from "../../src/judgement.ts";
import { quick, theorem } from "./fixtures.ts";

describe("the memory of verdicts", () => {
  test("drops the least recently used when it has too many", () => {
    const cache = createVerdictCache({ entriesMax: 2, bytesMax: 1e9 });
    cache.set("a", judged(0));
    cache.set("b", judged(0));
    cache.get("a");
    cache.set("c", judged(0));

    expect(["a", "b", "c"].filter((key) => cache.get(key) !== undefined)).toEqual(["a", "c"]);
  });

  test("drops as many as one large certificate needs, and counts what was dropped no more", () => {
    const cache = createVerdictCache({ entriesMax: 1_000, bytesMax: 3 * weightOf(judged(10_000)) });
    for (const key of ["a", "b", "c", "d"]) cache.set(key, judged(10_000));
    expect(cache.get("a")).toBeUndefined();
    expect(cache.get("b")).toBeDefined();

    cache.set("large", judged(30_000));
    const left = ["b", "c", "d", "large"].filter((key) => cache.get(key) !== undefined);
    expect(left).toEqual(["large"]);
    for (let round = 0; round < 100; round++) cache.set("large", judged(30_000));
    expect(cache.get("large")).toBeDefined();
  });

  test("keeps nothing that is larger than all it may hold", () => {
    const cache = createVerdictCache({ entriesMax: 10, bytesMax: 50_000 });
    cache.set("a", judged(100_000));

    expect(cache.get("a")).toBeUndefined();
  });

  test("tells limits, kinds and privileges apart", () => {
    const source = new TextEncoder().encode(quick);
    const keys = [
      verdictKey(theorem(quick), 5),
      verdictKey(theorem(quick), 6),
      verdictKey({ type: "publish", source }, 5),
      verdictKey({ type: "publish", source, privileged: true }, 5),
    ];

    expect(new Set(keys).size).toBe(keys.length);
  });
});

function judged(certificateBytes: number): Judged {
  return {
    type: "judged",
    kind: "theorem",
    verdict: "valid",
    trust: "certified",
    certificate: new Uint8Array(certificateBytes),
    difficulty: toDifficulty(1),
    resource: toResource(1),
    obligations: [],
    notes: [],
    milliseconds: 1,
  };
}
