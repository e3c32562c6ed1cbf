import { describe, expect, test } from "vitest";
import {
  bits,
  boundedBytes,
  list,
  natural,
  optional,
  struct,
  union,
} from "../../src/codec/index.ts";
import { ModelsError, QuorumCertificate, SyncRequest } from "../../src/index.ts";

const Point = struct("Point", { x: natural(2), y: natural(4) });
const Shape = union("Shape", { point: Point, dots: struct("Dots", { at: list(Point, 2) }) });
const Drawing = struct("Drawing", { shape: Shape, title: optional(Point) });

describe("codec errors", () => {
  test("a value out of its range is refused, by the path of the field", () => {
    const value = { shape: { type: "dots" as const, at: [{ x: 70_000, y: 1 }] }, title: undefined };

    expect(faultOf(() => Drawing.encode(value))).toMatchObject({
      code: "ENCODE",
      type: "Drawing",
      field: "shape.dots.at[0].x",
    });
  });

  test("a list over its limit is refused on both sides", () => {
    const points = [1, 2, 3].map((x) => ({ x, y: 0 }));
    const three = struct("Wide", { at: list(Point, 3) }).encode({ at: points });
    const Narrow = struct("Narrow", { at: list(Point, 2) });

    expect(faultOf(() => Narrow.encode({ at: points })).code).toBe("ENCODE");
    expect(faultOf(() => Narrow.decode(three)).code).toBe("DECODE");
  });

  test("an unknown union selector is refused", () => {
    const bytes = Shape.encode({ type: "point", x: 1, y: 2 });

    expect(faultOf(() => Shape.decode(bytes.with(0, 2))).code).toBe("DECODE");
    expect(faultOf(() => Shape.decode(new Uint8Array(0))).code).toBe("DECODE");
  });

  test("B15: a bit list whose padding disagrees with its length is refused", () => {
    const BitsOnly = struct("BitsOnly", { certificate: QuorumCertificate });
    const bytes = BitsOnly.encode({
      certificate: {
        phase: "commit",
        sequence: 1,
        view: 0,
        digest: new Uint8Array(32),
        signers: [true, false, true],
        seal: { type: "ed25519", signatures: [] },
      } as never,
    });
    const at = bytes.indexOf(0b1101);

    expect(at).toBeGreaterThan(0);
    expect(faultOf(() => BitsOnly.decode(bytes.with(at, 0))).code).toBe("DECODE");
  });

  test("B15: a bit list of no bytes at all is refused, whatever stands before it", () => {
    const Flags = struct("Flags", { before: boundedBytes(4), flags: bits(8) });
    const bytes = Flags.encode({ before: Uint8Array.of(0xff), flags: [] });

    expect([...bytes]).toEqual([8, 0, 0, 0, 9, 0, 0, 0, 0xff, 1]);
    expect(faultOf(() => Flags.decode(bytes.slice(0, -1)))).toMatchObject({
      code: "DECODE",
      field: "flags",
    });
  });

  test("a part that ends before its own head does is refused, whatever stands behind it", () => {
    const Inner = struct("Inner", { x: natural(4), tail: boundedBytes(4) });
    const Outer = struct("Outer", { inner: Inner, after: boundedBytes(16) });
    const bytes = Outer.encode({
      inner: { x: 1, tail: new Uint8Array() },
      after: new Uint8Array(12),
    });

    // The second offset moved back into the head of `inner`.
    for (let cut = 1; cut <= 8; cut++) {
      const second = (bytes[4] ?? 0) - cut;
      expect(faultOf(() => Outer.decode(bytes.with(4, second)))).toMatchObject({ field: "inner" });
    }
  });

  test("a count above its own maximum is refused", () => {
    const request = { type: "blocks" as const, from: 1 as never, count: 65 };

    expect(faultOf(() => SyncRequest.encode(request)).code).toBe("ENCODE");
  });

  test("what is decoded from a Buffer is a copy of plain bytes", () => {
    const request = { type: "block" as const, digest: new Uint8Array(32).fill(7) as never };
    const buffer = Buffer.from(SyncRequest.encode(request));
    const decoded = SyncRequest.decode(buffer);
    buffer.fill(0);

    expect(decoded).toEqual(request);
  });

  test("JSON that is not of the type is refused", () => {
    for (const json of [null, 7, "x", {}, { x: "1" }, { x: "-1", y: "0" }, { x: 1.5, y: "0" }]) {
      expect(faultOf(() => Point.fromJson(json)).code).toBe("DECODE");
    }
  });
});

function faultOf(action: () => unknown): ModelsError["fault"] {
  try {
    action();
  } catch (error) {
    if (error instanceof ModelsError) return error.fault;
    throw error;
  }
  throw new Error("nothing was thrown");
}
