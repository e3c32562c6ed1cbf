import { expect, test } from "vitest";
import { toHex } from "../src/index.ts";
import { exampleOf, schemaText } from "./schema-text.ts";
import { wireTypes } from "./wire-types.ts";

/** Enough that every member of every union occurs. */
const EXAMPLES = Array.from({ length: 12 }, (_, salt) => salt);

const named = new Set(wireTypes.map(([name]) => name));

test("the wire format of every exported type is the one on record", async () => {
  const lines = wireTypes.map(([name, codec]) => {
    const digests = EXAMPLES.map((salt) => codec.digest(exampleOf(codec.schema, salt)));
    const short = digests.map((digest) => toHex(digest).slice(0, 6)).join(" ");
    return `${name}\n  ${schemaText(codec.schema, named)}\n  at most ${codec.maxBytes} bytes; ${short}\n`;
  });

  // A type that is new, gone or changed shows as a difference: record it on purpose, with -u.
  await expect(lines.join("\n")).toMatchFileSnapshot("wire-format.txt");
});
