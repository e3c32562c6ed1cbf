import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schemaText } from "./schema-text.ts";
import { wireTypes } from "./wire-types.ts";

const page = readFileSync(
  new URL("../../../docs/specification/wire-format.md", import.meta.url),
  "utf8",
);

test("the page on the wire format has each exported type as it is", () => {
  const blocks = [...page.matchAll(/```aethel-types\n([^]*?)```/g)].map(([, block = ""]) => block);
  const lines = new Set(blocks.flatMap((block) => block.split("\n")));
  const named = new Set(wireTypes.map(([name]) => name));
  const wanted = wireTypes.map(([name, { schema }]) => `${name} = ${schemaText(schema, named)}`);

  expect(wanted.filter((line) => !lines.has(line))).toEqual([]);
});
