import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Expression, fixed, type RandomScript, scripts } from "./arbitrary-script.ts";
import { printed, refusal } from "./screening.ts";
import { type Style, writeScript } from "./write-script.ts";

const plain: Style = { name: (id) => `n${id}`, inline: false, reversed: false };

/** Names that could be mistaken for something else, in an order that a seed turns. */
const strange = [
  "unsat",
  "f_0",
  "s_0",
  "v_0",
  "t_1",
  "c_0",
  "d_1",
  "|a b|",
  "|(|",
  "|;|",
  "cos",
  "seq.len",
  "implies",
  "String",
  "concat",
  "fp",
  "const",
  "List",
  "Seq",
  "|nil'|",
  "is-cons",
  "-x",
  "|1|",
  "check-sat",
  "assert",
  "div0",
  "pi",
  "k!0",
  "x!1",
  "|f_0!1|",
  "@a",
  "map",
];

function renaming(seed: number): (id: number) => string {
  return (id) => {
    const index = (id * 7 + seed) % (strange.length + 40);
    // A name twice would be another script, so beyond the list names are numbered.
    const first = Math.floor((id * 7 + seed) / (strange.length + 40)) === 0;
    return (first && strange[index]) || `${"zyx"[seed % 3]}${id}`;
  };
}

const distinctNames = (script: RandomScript, name: (id: number) => string): boolean => {
  const names = Array.from({ length: script.nameCount }, (_, id) => name(id));
  return new Set(names).size === names.length;
};

/** Definitions written out grow fast: the property is about those that stay readable. */
const small = (text: string): boolean => text.length < 100_000;

describe("what Z3 reads is the same, byte by byte", () => {
  test("whatever the script names its sorts, parameters, functions, fields and variables", () => {
    fc.assert(
      fc.property(scripts, fc.nat({ max: 500 }), (script, seed) => {
        const name = renaming(seed);
        fc.pre(distinctNames(script, name));

        expect(printed(writeScript(script, { ...plain, name }))).toBe(
          printed(writeScript(script, plain)),
        );
      }),
      { numRuns: 400 },
    );
  });

  test("in whatever order it declares them", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        expect(printed(writeScript(script, { ...plain, reversed: true }))).toBe(
          printed(writeScript(script, plain)),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("whether definitions and let are used or written out", () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const inlined = writeScript(script, { ...plain, inline: true });
        fc.pre(small(inlined));

        expect(printed(inlined)).toBe(printed(writeScript(script, plain)));
      }),
      { numRuns: 400 },
    );
  });

  test("where binders hide declared names that nothing inside them needs", () => {
    let hidden = 0;
    fc.assert(
      fc.property(scripts, fc.nat({ max: 4 }), (script, choice) => {
        const id = Object.values(fixed.constants)[choice] ?? 0;
        const bound = boundOutside(script, id);
        const name = (other: number): string => `n${bound.has(other) ? id : other}`;
        hidden += bound.size;

        expect(printed(writeScript(script, { ...plain, name }))).toBe(
          printed(writeScript(script, plain)),
        );
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 300, seed: 1 },
    );
    expect(hidden).toBeGreaterThan(20);
  });
});

/**
 * Variables that may take a constant's name: the constant does not occur in their scope, and no
 * two of them are in scope at one place.
 */
function boundOutside(script: RandomScript, constant: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  const visit = (expression: Expression, taken: boolean): void => {
    switch (expression.type) {
      case "operator":
      case "call":
        for (const operand of expression.operands) visit(operand, taken);
        return;
      case "name":
        return;
      case "quantifier":
      case "let": {
        const ids =
          expression.type === "let"
            ? expression.bindings.map(({ id }) => id)
            : expression.variables.map(({ id }) => id);
        const [id] = ids;
        if (expression.type === "let")
          for (const { value } of expression.bindings) visit(value, taken);
        const free = !taken && id !== undefined && !mentions(expression.body, constant);
        if (free) chosen.add(id);
        visit(expression.body, taken || free);
      }
    }
  };
  for (const assertion of script.assertions) visit(assertion, false);
  return chosen;
}

function mentions(expression: Expression, id: number): boolean {
  switch (expression.type) {
    case "operator":
    case "call":
      return expression.operands.some((operand) => mentions(operand, id));
    case "name":
      return expression.id === id;
    case "quantifier":
      return mentions(expression.body, id);
    case "let":
      return (
        expression.bindings.some(({ value }) => mentions(value, id)) ||
        mentions(expression.body, id)
      );
  }
}

describe("a well-sorted script with one operand of another sort is refused", () => {
  /** Terms of sorts that stand nowhere in a random script. */
  const strangers = ["1.5", "#b1", '"a"', "RNE", "re.all", "(_ NaN 8 24)"];

  test("wherever it stands", () => {
    let changed = 0;
    fc.assert(
      fc.property(scripts, fc.nat(), fc.constantFrom(...strangers), (script, at, stranger) => {
        const places = script.assertions.reduce((sum, one) => sum + countOperands(one), 0);
        fc.pre(places > 0);
        let left = at % places;
        const assertions = script.assertions.map((one) => {
          const count = countOperands(one);
          const here = left >= 0 && left < count;
          const result = here ? replaceOperand(one, left, stranger) : one;
          left -= count;
          return result;
        });
        changed++;

        expect(refusal(writeScript({ ...script, assertions }, plain))).toBe("sort");
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 500, seed: 1 },
    );
    expect(changed).toBeGreaterThan(400);
  });
});

/** Operands in an expression: every place where a sort is demanded. */
function countOperands(expression: Expression): number {
  switch (expression.type) {
    case "operator":
    case "call":
      return expression.operands.reduce((sum, operand) => sum + 1 + countOperands(operand), 0);
    case "name":
      return 0;
    case "quantifier":
    case "let":
      return countOperands(expression.body);
  }
}

function replaceOperand(expression: Expression, place: number, head: string): Expression {
  switch (expression.type) {
    case "operator":
    case "call": {
      let left = place;
      const operands = expression.operands.map((operand) => {
        const inside = countOperands(operand);
        const here = left;
        left -= 1 + inside;
        if (here < 0 || here > inside) return operand;
        if (here === 0) return { type: "operator", head, operands: [] } as const;
        return replaceOperand(operand, here - 1, head);
      });
      return { ...expression, operands };
    }
    case "name":
      return expression;
    case "quantifier":
    case "let":
      return { ...expression, body: replaceOperand(expression.body, place, head) };
  }
}
