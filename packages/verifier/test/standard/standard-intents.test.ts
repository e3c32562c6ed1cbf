import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileSource, standardIntents } from "../../src/index.ts";

const library = new URL("../../library/", import.meta.url);

/** The module that `src/standard-intents.ts` has to be; `vitest -u` writes it. */
function render(): string {
  const entries = readdirSync(library)
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .map((file) => {
      const source = readFileSync(new URL(file, library), "utf8");
      if (/[`\\]|\$\{/.test(source)) throw new Error(`${file} needs escaping`);
      const compiled = compileSource(source, { privileged: true });
      if (!compiled.ok) throw new Error(`${file} does not compile`);
      const privileged = compiled.intents.some((intent) => intent.privileged);
      const name = JSON.stringify(file.slice(0, -3));
      return `  {\n    name: ${name},\n    privileged: ${privileged},\n    source: \`${source}\`,\n  },\n`;
    });
  return `/** Source text of one intent of the standard library. Genesis publishes and proves each of them. */
export interface StandardIntent {
  /** File name in \`library/\` without its extension. */
  readonly name: string;
  /** Whether it writes stake, so that only genesis may publish it. */
  readonly privileged: boolean;
  readonly source: string;
}

/**
 * Returns the standard library, in the order of names. This module contains the texts of
 * \`library/*.ae\`, because a published package and a browser do not have those files. A test writes
 * the module (\`vitest -u\`).
 */
export function standardIntents(): readonly StandardIntent[] {
  return sources;
}

const sources: readonly StandardIntent[] = [
${entries.join("")}];
`;
}

describe("standard library", () => {
  test("the embedded sources are the files of library/", async () => {
    await expect(render()).toMatchFileSnapshot("../../src/standard-intents.ts");
    expect(standardIntents().length).toBeGreaterThanOrEqual(8);
  });
});
