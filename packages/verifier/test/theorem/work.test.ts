import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toObligation } from "../../src/theorem/translation/to-obligation.ts";
import { screen } from "./screening.ts";
import { shapes } from "./script-shapes.ts";

/** The refusal's code; of what is accepted, whether the kernel's language has it. */
function outcome(script: string): string {
  const screening = screen(script);
  if (screening.type === "refused") return screening.fault.code;
  return toObligation(screening.typed) === undefined ? "untranslated" : "translated";
}

const shape = (name: string, parts: number): string => {
  const found = shapes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no shape ${name}`);
  return found.write(parts);
};

describe("work that a short script asks for is refused before it is done", () => {
  test.each([
    ["wide, called often", 20_000, "expansion"],
    ["distinct, expanded twice each", 100, "expansion"],
    ["many distinct", 20_000, "growth"],
    ["a closed quantifier moved to many levels", 5_000, "expansion"],
    ["quotients of quotients", 40, "numeral"],
    ["a long quotient", 8_000, "numeral"],
    ["long numerals with a sign", 20_000, "expansion"],
    ["functions of one name", 20_001, "too-large"],
    ["match on many constructors", 40_002, "too-large"],
    ["one datatype in another, over and over", 3_000, "expansion"],
    ["many instances of a large datatype", 3_000, "expansion"],
    ["instances with many arguments", 4_500, "expansion"],
    ["constructors over large generic sorts", 1_000, "expansion"],
    ["instances of a large sort", 3_000, "expansion"],
    ["a large sort, printed often", 3_000, "expansion"],
    ["a logic's name", 1, "logic"],
    ["an operand that fits no function", 20_000, "sort"],
  ])("%s", (name, parts, code) => {
    expect(outcome(shape(name, parts))).toBe(code);
  });
});

describe("the translation makes no more terms than its limit", () => {
  const constants = (count: number): string =>
    Array.from({ length: count }, (_, at) => `(declare-const x${at} Int)`).join("");
  const distinct = (rows: number): string => {
    const operands = Array.from({ length: 90 }, (_, at) => ` x${at}`).join("");
    const row = (_: unknown, at: number): string => `(assert (distinct ${at}${operands}))`;
    return `${constants(90)}${Array.from({ length: rows }, row).join("")}(check-sat)`;
  };

  test("pairs of all distinct are counted together", () => {
    expect(outcome(distinct(20))).toBe("translated");
    expect(outcome(distinct(30))).toBe("untranslated");
  });

  test("sorts of constants are counted with their nodes", () => {
    expect(outcome(shape("constants of a large sort", 100))).toBe("translated");
    expect(outcome(shape("constants of a large sort", 300))).toBe("untranslated");
  });
});

describe("what is wide, many or overloaded and takes linear work is accepted", () => {
  test.each([
    ["functions of one name, used", 20_000],
    ["match on many constructors", 10_000],
    ["many matches on many constructors", 10_000],
    ["many fields", 15_000],
    ["a chain of declared datatypes", 6_000],
    ["one quantifier with many hints, shared", 20_000],
    ["zeros before the last digit", 20_000],
    ["a sort made of other parameters each time", 20_000],
  ])("%s", (name, parts) => {
    expect(["translated", "untranslated"]).toContain(outcome(shape(name, parts)));
  });
});

describe("every shape of script", () => {
  test("gets an answer, and the same one again, whatever its size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shapes),
        fc.integer({ min: 2, max: 1_500 }),
        ({ write }, parts) => {
          const script = write(parts);

          expect(outcome(script)).toBe(outcome(script));
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
});
