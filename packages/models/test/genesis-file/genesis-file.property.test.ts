import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readGenesisFile, writeGenesisFile } from "../../src/genesis-file/index.ts";
import { parseGenesis } from "../../src/genesis-file/read.ts";
import { Genesis, toAccountId, toAmount, toHex } from "../../src/index.ts";
import { valuesOf } from "../schema-values.ts";
import { genesis } from "../sound-genesis.ts";

const runs = { numRuns: 300 };
const NOBODY = toAccountId(new Uint8Array(32));

/** Any genesis at all, with names and sources of all kinds of text as well as of bytes. */
const geneses = fc
  .tuple(
    valuesOf(Genesis.schema),
    fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.string({ maxLength: 30 })),
    fc.array(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc
          .array(
            fc.constantFrom("intent a() {", "  guard {}", "", "}", " # x", "\t", "- a: b", "|"),
            { maxLength: 6 },
          )
          .map((lines) => lines.join("\n")),
      ),
      { maxLength: 3 },
    ),
    fc.array(fc.string({ unit: fc.constantFrom("a", " ", "\n", "\t", ":", "#"), maxLength: 8 }), {
      maxLength: 3,
    }),
  )
  .map(([base, name, sources, assetNames]): Genesis => {
    const encoder = new TextEncoder();
    const random = base as Genesis;
    const named = encoder.encode(name).slice(0, 64);
    const intents = sources.map((source) => ({ source: encoder.encode(source) }));
    const issued = {
      issuer: random.validators[0]?.id ?? NOBODY,
      supply: toAmount(0n),
      holdings: [],
    };
    const assets = assetNames.map((text) => ({ ...issued, name: encoder.encode(text) }));
    return {
      ...random,
      name: named,
      assets: [...random.assets, ...assets],
      intents: [...random.intents, ...intents],
    };
  });

describe("genesis file", () => {
  test("any genesis is written as a file that says the same", () => {
    fc.assert(
      fc.property(geneses, (value) => {
        const text = writeGenesisFile(value);
        const parsed = parseGenesis(text);
        if (!("genesis" in parsed)) throw new Error(JSON.stringify(parsed.problems));
        expect(parsed.reader.problems).toEqual([]);
        expect(toHex(Genesis.encode(parsed.genesis))).toBe(toHex(Genesis.encode(value)));
        expect(writeGenesisFile(parsed.genesis)).toBe(text);
      }),
      runs,
    );
  });

  test("a file in which something was changed is read, or explained, and never throws", () => {
    const text = writeGenesisFile(genesis);
    const inserts = fc.oneof(
      fc.constantFrom(
        ":",
        "- ",
        "\n",
        "  ",
        "&a ",
        "*a",
        "{",
        "[",
        '"',
        "#",
        "|",
        "%",
        "\t",
        "0x",
        "? ",
        "---\n",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );

    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 6 }), inserts, (at, cut, insert) => {
        const reading = readGenesisFile(text.slice(0, at) + insert + text.slice(at + cut));
        if (reading.ok) expect(() => Genesis.encode(reading.genesis)).not.toThrow();
        else expect(reading.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test("random text never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(readGenesisFile(text).ok).toBe(false);
      }),
      runs,
    );
  });
});
