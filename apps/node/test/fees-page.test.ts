import { readFile } from "node:fs/promises";
import { UNITS } from "@aethel/models";
import { expect, test } from "vitest";

test("the page of fees names each unit of execution with the number that the source has", async () => {
  const page = await readFile(new URL("../../../docs/fees-and-supply.md", import.meta.url), "utf8");
  const section = page.slice(page.indexOf("## 9. Units of execution"));

  const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(
    ([, name = "", units = ""]) => [name, Number(units.replaceAll(",", ""))] as const,
  );

  expect(rows).toEqual(Object.entries(UNITS));
});
