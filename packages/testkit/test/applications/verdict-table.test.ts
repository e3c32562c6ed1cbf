import { readFileSync, writeFileSync } from "node:fs";
import { toHex, toResource } from "@aethel/models";
import { createJudge, standardIntents } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { SAMPLE_CONTRACTS } from "../../src/applications/ledger/sample-contracts.ts";
import { SAMPLE_INTENTS } from "../../src/applications/ledger/sample-intents.ts";
import { SAMPLE_THEOREMS } from "../../src/applications/ledger/sample-theorems.ts";
import type { TableRow } from "../../src/applications/ledger/table-judge.ts";
import { VERDICT_TABLE } from "../../src/applications/ledger/verdict-table.ts";
import { payloadKey, TEST_PARAMETERS } from "../../src/index.ts";

const encoder = new TextEncoder();

/** Payloads and limits of everything that worlds submit to the Judge. */
const cases = [
  ...standardIntents().map(({ source }) => ({
    payload: { type: "publish", source: encoder.encode(source), privileged: true } as const,
    resourceLimit: TEST_PARAMETERS.proofResourceMax,
  })),
  ...SAMPLE_CONTRACTS.map(({ source }) => ({
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

/** Number of rows about the sources that are in the genesis of worlds. */
const GENESIS_ROWS = standardIntents().length + SAMPLE_CONTRACTS.length;
const sampleRows = VERDICT_TABLE.slice(-SAMPLE_INTENTS.length);

describe("the table of verdicts", () => {
  // Run with AETHEL_WRITE_VERDICTS=1 to write the table again, after a change of the Judge or of
  // what worlds submit.
  test("agrees with the real Judge, row by row", async () => {
    await using judge = await createJudge();
    const rows: TableRow[] = [];
    for (const { payload, resourceLimit } of cases) {
      const judgement = await judge.check(payload, { resourceLimit });
      if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
      const { verdict, trust, difficulty, resource, counterexample: shown } = judgement;
      const row = {
        key: payloadKey(payload, resourceLimit),
        verdict,
        ...(trust === undefined ? {} : { trust }),
        difficulty,
        resource,
        ...(judgement.certificate === undefined
          ? {}
          : { certificate: toHex(judgement.certificate) }),
      };
      // Evidence is made of intents only, not of theorems.
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

  test("has a certificate of every valid intent, and theorems of each trust", () => {
    const published = [...VERDICT_TABLE.slice(0, GENESIS_ROWS), ...sampleRows];
    for (const { verdict, trust, certificate } of published) {
      expect(trust).toBe(verdict === "valid" ? "certified" : undefined);
      expect(certificate === undefined).toBe(verdict !== "valid");
    }
    const ofTheorems = VERDICT_TABLE.slice(GENESIS_ROWS, -SAMPLE_INTENTS.length);
    expect(new Set(ofTheorems.map(({ trust }) => trust))).toEqual(
      new Set(["certified", "solver", undefined]),
    );
  });

  test("has a run for each refuted publish, and none where nobody can be convicted", () => {
    const published = sampleRows;

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
  const file = new URL("../../src/applications/ledger/verdict-table.ts", import.meta.url);
  const [head = ""] = readFileSync(file, "utf8").split("= [");
  const lines = rows.map((row) => `  ${JSON.stringify(row)},\n`).join("");
  writeFileSync(file, `${head}= [\n${lines}];\n`);
}
