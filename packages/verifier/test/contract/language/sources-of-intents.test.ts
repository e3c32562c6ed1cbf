import { readFileSync } from "node:fs";
import { toHex } from "@aethel/models/primitives";
import { describe, expect, test } from "vitest";
import { compileSource } from "../../../src/index.ts";
import { digestsOfSources } from "./digests-of-sources.ts";

/** Read before there were contracts: the language of intents must stay what it was. */
describe("sources without contracts keep their digests and their faults", () => {
  test.each(Object.entries(digestsOfSources))("%s", (path, pinned) => {
    const source = readFileSync(new URL(`../../../../../${path}`, import.meta.url), "utf8");
    const result = compileSource(source, { privileged: true });

    expect(
      result.ok
        ? [...result.intents, ...result.batches].map((one) => `${one.name} ${toHex(one.digest)}`)
        : result.diagnostics.map(
            ({ code, span: { start } }) => `${code} ${start.line}:${start.column}`,
          ),
    ).toEqual(pinned);
  });
});
