import { createRequire } from "node:module";
import path from "node:path";
import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { type GateRow, renderGate } from "./gate-row.ts";
import { createSolverClient } from "./solver-client.ts";
import { startCandidate } from "./start-candidate.ts";

const folder = path.dirname(createRequire(import.meta.url).resolve("z3-solver/build/z3-built.js"));

describe("the gate for a candidate Z3", () => {
  test("a candidate is taken from its folder: the installed one by its path is the installed one", async () => {
    const [named, installed] = await Promise.all([
      startCandidate(folder),
      startCandidate(undefined),
    ]);

    expect(toHex(named.image("script").digest())).toBe(toHex(installed.image("script").digest()));
  });

  test("a folder without a solver is an error, not a pass", async () => {
    await using client = createSolverClient({ folder: path.join(folder, "no-such-folder") });

    await expect(client.ask("(assert false)(check-sat)")).rejects.toThrow(/ENOENT/);
  });

  test("the table shows every check, and below it what was found", () => {
    const rows: readonly GateRow[] = [
      { name: "one", verdict: "passed", counts: "3 scripts", findings: [] },
      { name: "another", verdict: "failed", counts: "4 scripts", findings: ["(assert true)"] },
    ];

    expect(renderGate(rows)).toBe(
      "one      passed   3 scripts\nanother  failed   4 scripts\n\nanother:\n- (assert true)",
    );
  });
});
