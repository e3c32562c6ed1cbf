import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge } from "../../src/index.ts";

const attacks = new URL("../../library/contracts/attacks/", import.meta.url);
const names = readdirSync(attacks)
  .filter((file) => file.endsWith(".ae"))
  .toSorted((left, right) => (left < right ? -1 : 1));

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
});
afterAll(() => judge.close());

describe("attacks on the library of contracts", () => {
  test.each(names)(
    "%s is refused for what its first lines name",
    async (name) => {
      const source = readFileSync(new URL(name, attacks));
      const expected = /^# Expected: refused, (?<kind>\w+) of (?<intent>\w+)\.$/m.exec(
        source.toString("utf8"),
      );

      const judgement = await judge.check({ type: "publish", source });

      if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
      const { verdict, obligations, counterexample } = judgement;
      expect(verdict).toBe("refuted");
      expect(counterexample).toMatchObject({ ...expected?.groups });
      const failed = obligations.filter((one) => one.verdict !== "valid");
      expect(new Set(failed.map(({ intent }) => intent))).toEqual(
        new Set([expected?.groups?.["intent"]]),
      );
      expect(failed[0]?.kind).toBe(expected?.groups?.["kind"]);
    },
    30_000,
  );
});
