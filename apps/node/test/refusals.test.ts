import { toDigest } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createRefusals } from "../src/http/refusals.ts";

const hash = (at: number): ReturnType<typeof toDigest> => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, at);
  return toDigest(bytes);
};

describe("refusals of a node", () => {
  test("are found by hash, the last reason of each", () => {
    const refusals = createRefusals();

    refusals.add(hash(1), { code: "expired", message: "old" });
    refusals.add(hash(1), { code: "nonce", message: "new" });

    expect(refusals.find(hash(1))).toEqual({ code: "nonce", message: "new" });
    expect(refusals.find(hash(2))).toBeUndefined();
  });

  test("are bounded: the oldest go first, and one that is told again is young", () => {
    const refusals = createRefusals();

    for (let at = 0; at < 4_096; at++) refusals.add(hash(at), { code: "a", message: "" });
    refusals.add(hash(0), { code: "b", message: "" });
    refusals.add(hash(4_096), { code: "c", message: "" });

    expect(refusals.find(hash(1))).toBeUndefined();
    expect(refusals.find(hash(0))?.code).toBe("b");
    expect(refusals.find(hash(4_096))?.code).toBe("c");
  });
});
