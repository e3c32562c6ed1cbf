import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { fixed, scripts } from "./arbitrary-script.ts";
import { screen } from "./screening.ts";
import { type Style, writeScript } from "./write-script.ts";

let instance: SolverInstance;
beforeAll(async () => {
  instance = await createSolverInstance();
});

const name = (id: number): string => `n${id}`;
const plain: Style = { name, inline: false, reversed: false };
const list = `(${name(fixed.list)} Int)`;

/** Our printing of the assertions, with the script's own names again. */
function printedAssertions(text: string): readonly string[] {
  const screening = screen(text);
  if (screening.type === "refused") throw new Error(screening.fault.message);
  return screening.script
    .split("\n")
    .filter((line) => line.startsWith("(assert "))
    .map((line) =>
      line.slice("(assert ".length, -1).replaceAll(/[a-z]_[0-9]+/g, (token) => {
        const original = screening.originals.get(token);
        if (original === name(fixed.nil)) return `(as ${original} ${list})`;
        return original === name(fixed.list) ? list : (original ?? token);
      }),
    );
}

/** Answer of Z3 to a script that it reads by itself. */
function solve(script: string): string {
  const session = instance.begin("script");
  const solver = session.solver("simple");
  solver.assert(session.parse(script));
  return solver.check(200_000).type;
}

describe("our printing means what Z3 reads in the script", () => {
  test("the assertions of a random script and their printing never differ in a model", () => {
    const answers = { unsat: 0, sat: 0, unknown: 0 };
    fc.assert(
      fc.property(scripts, (script) => {
        const text = writeScript(script, plain);
        const lines = text.split("\n");
        const declarations = lines.filter((line) => !/^\((assert|check-sat)/.test(line));
        const assertions = lines.filter((line) => line.startsWith("(assert "));
        const printed = printedAssertions(text);
        const differ = assertions.map((line, at) => {
          const written = line.slice("(assert ".length, -1);
          return `(xor ${written} ${printed[at] ?? "false"})`;
        });
        const answer = solve(`${declarations.join("\n")}\n(assert (or ${differ.join(" ")} false))`);
        answers[answer as keyof typeof answers]++;

        expect(answer).not.toBe("sat");
      }),
      { numRuns: 150 },
    );
    expect(answers.unsat).toBeGreaterThan(100);
  });
});
