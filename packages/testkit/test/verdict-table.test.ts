import { readFileSync, writeFileSync } from "node:fs";
import { toResource } from "@aethel/models";
import { createJudge, standardIntents } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { payloadKey, TEST_PARAMETERS } from "../src/index.ts";
import { SAMPLE_INTENTS } from "../src/network/sample-intents.ts";
import { SAMPLE_THEOREMS } from "../src/network/sample-theorems.ts";
import type { TableRow } from "../src/network/table-judge.ts";
import { VERDICT_TABLE } from "../src/network/verdict-table.ts";

const encoder = new TextEncoder();

/** Everything that worlds have judged: the payload and its limit. */
const cases = [
  ...standardIntents().map(({ source }) => ({
    payload: { type: "publish", source: encoder.encode(source), privileged: true } as const,
    resourceLimit: TEST_PARAMETERS.proofResourceMax,
  })),
  ...SAMPLE_THEOREMS.map(({ script, resourceLimit }) => ({
    payload: { type: "theorem", script: encoder.encode(script) } as const,
    resourceLimit: toResource(resourceLimit),
  })),
  ...SAMPLE_INTENTS.map(({ source, resourceLimit }) => ({
    payload: { type: "publish", source: encoder.encode(source) } as const,
    resourceLimit: toResource(resourceLimit),
  })),
];

describe("the table of verdicts", () => {
  // Written anew with AETHEL_WRITE_VERDICTS=1, after a change of the Judge or of what worlds submit.
  test("says what the real Judge says, row by row", async () => {
    await using judge = await createJudge();
    const rows: TableRow[] = [];
    for (const { payload, resourceLimit } of cases) {
      const judgement = await judge.check(payload, { resourceLimit });
      if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
      const { verdict, difficulty, resource, counterexample: shown } = judgement;
      const row = { key: payloadKey(payload, resourceLimit), verdict, difficulty, resource };
      // Of a theorem nobody makes evidence.
      const counterexample = shown !== undefined && "intent" in shown ? shown : undefined;
      rows.push(counterexample === undefined ? row : { ...row, counterexample });
    }

    if (process.env["AETHEL_WRITE_VERDICTS"] === "1") write(rows);
    else expect(VERDICT_TABLE).toEqual(rows);
  });

  test("has true, false and undecided claims", () => {
    const verdicts = new Set(VERDICT_TABLE.map((row) => row.verdict));

    expect(verdicts).toEqual(new Set(["valid", "refuted", "unknown"]));
  });

  test("has a run for each refuted publish, and none for what nobody is convicted of", () => {
    const published = VERDICT_TABLE.slice(-SAMPLE_INTENTS.length);

    expect(published.map(({ verdict }) => verdict)).toEqual(
      SAMPLE_INTENTS.map((_, at) => (at % 2 === 0 ? "refuted" : "valid")),
    );
    for (const { verdict, counterexample } of VERDICT_TABLE) {
      if (verdict !== "refuted") expect(counterexample).toBeUndefined();
    }
    for (const [at, { counterexample }] of published.entries()) {
      expect(counterexample?.intent !== undefined).toBe(at % 2 === 0);
    }
  });
});

function write(rows: readonly TableRow[]): void {
  const file = new URL("../src/network/verdict-table.ts", import.meta.url);
  const [head = ""] = readFileSync(file, "utf8").split("= [");
  const lines = rows.map((row) => `  ${JSON.stringify(row)},\n`).join("");
  writeFileSync(file, `${head}= [\n${lines}];\n`);
}
