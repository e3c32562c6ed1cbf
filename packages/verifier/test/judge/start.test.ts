import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Packages that a new process or thread must load before its first verdict, by its entry. */
const light = ["@aethel/models/primitives", "@aethel/models/web-assembly", "z3-solver"];

describe("what is loaded before the first verdict", () => {
  test.each(["../../src/index.ts", "../../src/threads/worker.ts"])(
    "%s loads neither wire types, nor curves, nor another heavy package",
    (entry) => {
      const packages = packagesOf(new URL(entry, import.meta.url));

      expect(packages.has("@aethel/models/primitives")).toBe(true);
      expect([...packages].filter((name) => !light.includes(name))).toEqual([]);
    },
  );
});

/** Packages that a file loads when it runs, directly or through its relative imports. */
function packagesOf(file: URL, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(file.href)) return found;
  seen.add(file.href);
  const text = readFileSync(file, "utf8");
  const statement = /^(?:import|export)\s(?!type\s)(?:[^;"]*?\sfrom\s)?"([^"]+)";/gm;
  for (const [, from = ""] of text.matchAll(statement)) {
    if (from.startsWith(".")) {
      for (const name of packagesOf(new URL(from, file), seen)) found.add(name);
    } else if (!from.startsWith("node:")) {
      found.add(from);
    }
  }
  return found;
}
