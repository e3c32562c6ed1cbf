import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelsError, toHex } from "../src/index.ts";
import { type WireCase, wireCases } from "./arbitraries.ts";

const runs = { numRuns: 100 };

describe.each(wireCases.map((wire) => [wire.codec.name, wire] as const))("%s", (_, wire) => {
  const { codec, values } = wire;

  test("decoding an encoded value returns it unchanged", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
      runs,
    );
  });

  test("the JSON form survives a round trip through text", () => {
    fc.assert(
      fc.property(values, (value) => {
        const json: unknown = JSON.parse(JSON.stringify(codec.toJson(value)));
        expect(codec.encode(codec.fromJson(json))).toEqual(codec.encode(value));
      }),
      runs,
    );
  });

  test("B18: two different values never share an encoding", () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const sameBytes = toHex(codec.encode(left)) === toHex(codec.encode(right));
        if (sameBytes) expect(left).toEqual(right);
      }),
      runs,
    );
  });

  test("a damaged encoding is refused or is the encoding of another value", () => {
    fc.assert(
      fc.property(damaged(wire), (bytes) => {
        const decoded = attempt(() => codec.decode(bytes));
        if (decoded instanceof Error) expectDecodeError(decoded);
        else expect(codec.encode(decoded)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test("trailing and missing bytes are refused or change the value", () => {
    fc.assert(
      fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 8 }), (value, tail) => {
        const bytes = codec.encode(value);
        const longer = new Uint8Array([...bytes, ...tail]);
        const decoded = attempt(() => codec.decode(longer));
        if (decoded instanceof Error) expectDecodeError(decoded);
        else expect(decoded).not.toEqual(value);
      }),
      runs,
    );
  });

  test("random bytes never crash the decoder", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const decoded = attempt(() => codec.decode(bytes));
        if (decoded instanceof Error) expectDecodeError(decoded);
        else expect(codec.encode(decoded)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });
});

/** Good encodings with one byte replaced, removed or doubled. */
function damaged({ codec, values }: WireCase): fc.Arbitrary<Uint8Array> {
  const bytes = values.map((value) => codec.encode(value)).filter((some) => some.length > 0);
  return fc
    .tuple(bytes, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom("set", "cut", "double"))
    .map(([some, position, byte, how]) => {
      const at = position % some.length;
      if (how === "set") return some.with(at, byte);
      const rest = how === "cut" ? at + 1 : at;
      return new Uint8Array([...some.slice(0, how === "cut" ? at : at + 1), ...some.slice(rest)]);
    });
}

function expectDecodeError(error: Error): void {
  expect(error).toBeInstanceOf(ModelsError);
  if (error instanceof ModelsError) expect(error.fault.code).toBe("DECODE");
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
