import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const source = new URL("../../src/", import.meta.url);

describe("entry points of those who check", () => {
  test("the kernel reads its own room and nothing else when it runs", () => {
    const rooms = new Set(filesOf("kernel/index.ts").map((file) => file.split("/")[0]));

    expect([...rooms]).toEqual(["kernel"]);
  });

  test("certificates are checked without solver, prover and Judge", () => {
    const files = filesOf("certificate/index.ts");
    const rooms = new Set(files.map((file) => file.split("/")[0]));

    expect(rooms).toContain("kernel");
    expect(files.length).toBeGreaterThan(30);
    for (const room of ["z3", "prover", "judge", "verdicts", "threads", "browser"])
      expect(rooms).not.toContain(room);
  });
});

/** Files that one loads when it runs, directly or through others, by their path in the sources. */
function filesOf(entry: string): readonly string[] {
  const seen = new Set<string>();
  const open = [new URL(entry, source)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file.href)) continue;
    seen.add(file.href);
    const text = readFileSync(file, "utf8");
    const statement = /^(?:import|export)\s(?!type\s)(?:[^;"]*?\sfrom\s)?"([^"]+)";/gm;
    for (const [, from = ""] of text.matchAll(statement)) {
      if (from.startsWith(".")) open.push(new URL(from, file));
    }
  }
  return [...seen].map((href) => href.slice(source.href.length));
}
