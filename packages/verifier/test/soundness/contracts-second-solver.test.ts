import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { signObligations } from "../../src/contract/encoder/ground.ts";
import { contractObligations } from "../../src/contract/encoder/obligations.ts";
import { compileContract } from "../../src/index.ts";
import type { Obligation } from "../../src/obligation.ts";
import { certifier, proveClaim } from "../../src/verdicts/certifier.ts";
import { findSecondSolver } from "./cvc5.ts";
import { termScript } from "./term-script.ts";

const library = new URL("../../library/contracts/", import.meta.url);
const names = readdirSync(library).filter((file) => file.endsWith(".ae"));
const solver = findSecondSolver(10_000);

/** All obligations of a contract that are proved, with the signs of its sums. */
function obligationsOf(name: string): readonly Obligation[] {
  const compiled = compileContract(readFileSync(new URL(name, library)));
  if (compiled.type !== "contract") throw new Error(`${name} is no contract`);
  const { contract } = compiled;
  const signs = [...signObligations(contract)].map(([at, { obligation }]) => ({ at, obligation }));
  const shown = new Set(signs.filter((one) => isProved(one.obligation)).map(({ at }) => at));
  const rest = contractObligations(contract, shown).map(({ obligation }) => obligation);
  return [
    ...signs.filter(({ at }) => shown.has(at)).map(({ obligation }) => obligation),
    ...rest.filter(({ kind }) => kind !== "satisfiable"),
  ];
}

function isProved({ assumptions, goal }: Obligation): boolean {
  return proveClaim(certifier, { assumptions, goal }, 400_000).type === "certified";
}

describe.skipIf(solver === undefined)("obligations of the library of contracts", () => {
  test.each(names)(
    "a second solver finds no counterexample to what is proved of %s",
    (name) => {
      const obligations = obligationsOf(name);
      const said = obligations.map(({ kind, label, assumptions, goal }) => ({
        what: `${kind}: ${label}`,
        answer: solver?.decide(termScript(assumptions, goal)),
      }));

      expect(said.filter(({ answer }) => answer === "sat")).toEqual([]);
      // It reads the scripts, and settles nearly all of them.
      const settled = said.filter(({ answer }) => answer === "unsat").length;
      expect(settled / said.length).toBeGreaterThan(0.9);
    },
    120_000,
  );

  test("it finds one where an assumption is left out", () => {
    const said = obligationsOf("escrow.ae").filter(({ assumptions, goal }) => {
      const script = termScript(assumptions.slice(0, 1), goal);
      return solver?.decide(script) === "sat";
    });
    expect(said.length).toBeGreaterThan(0);
  });
});
