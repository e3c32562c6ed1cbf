import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { mutantsOf } from "../mutation/contracts/contract-mutants.ts";
import { type Score, scores, survivors } from "../mutation/contracts/explained-contracts.ts";
import { type Fate, fateOf, readContract } from "../mutation/contracts/judge-contract-mutant.ts";
import { renderContractMutation } from "../mutation/contracts/render-contract-mutation.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** In the normal run each so-many-th mutant of each contract is judged. */
const STRIDE = 40;

const library = new URL("../../library/contracts/", import.meta.url);
const contracts = readdirSync(library)
  .filter((file) => file.endsWith(".ae"))
  .toSorted((left, right) => (left < right ? -1 : 1))
  .flatMap((file) => readContract(readFileSync(new URL(file, library), "utf8")) ?? []);

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("wrong variants of the library of contracts", () => {
  test.each(contracts)(
    "of $typed.name only explained ones are valid",
    ({ syntax, typed }) => {
      const { name } = typed;
      const judged = mutantsOf(syntax)
        .filter((_mutant, at) => isSlow || at % STRIDE === STRIDE - 1)
        .map((mutant) => ({ ...mutant, fate: fateOf(z3, typed, mutant) }));

      const valid = judged.filter(({ fate }) => fate === "survived");
      const explained = survivors.filter((one) => one.contract === name);
      const key = (one: { readonly intent: string; readonly change: string }): string =>
        `${one.intent}: ${one.change}`;
      const known = explained.map(key).toSorted();
      expect(valid.map(key).filter((one) => !known.includes(one))).toEqual([]);
      if (!isSlow) return;
      expect(valid.map(key).toSorted()).toEqual(known);
      const count = (fate: Fate): number => judged.filter((one) => one.fate === fate).length;
      const score: Score = {
        contract: name,
        refuted: count("refuted"),
        undecided: count("undecided"),
        stricter: count("stricter"),
        survived: count("survived"),
      };
      expect(scores.find((one) => one.contract === name)).toEqual(score);
    },
    1_800_000,
  );

  test("docs/contracts-mutation.md says what was counted, and explains each survivor", async () => {
    expect(scores.map(({ contract }) => contract)).toEqual(
      contracts.map(({ typed }) => typed.name),
    );
    const page = renderContractMutation(scores, survivors);
    await expect(page).toMatchFileSnapshot("../../docs/contracts-mutation.md");
  });
});
