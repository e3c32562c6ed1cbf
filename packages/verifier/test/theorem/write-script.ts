import { type Expression, fixed, type RandomScript, type TestSort } from "./arbitrary-script.ts";

/** Choices by which a random script is written as text. */
export interface Style {
  /** The name of a number. Names of binders may be equal only where `hide` says so. */
  readonly name: (id: number) => string;
  /** Whether definitions and `let` are written out wherever they are used. */
  readonly inline: boolean;
  /** Order of the declarations that may stand in any order, and of the definitions among them. */
  readonly reversed: boolean;
}

/** The text of a script. */
export function writeScript(script: RandomScript, style: Style): string {
  const { name } = style;
  const write = createWriter(script, style);
  const sort = (of: TestSort): string => sortText(of, name);
  const { constants, uninterpreted, list, parameter, nil, cons, head, tail, f, g, h } = fixed;
  const sorts = [
    `(declare-sort ${name(uninterpreted)} 0)`,
    `(declare-datatypes ((${name(list)} 1)) ((par (${name(parameter)}) ((${name(nil)})` +
      ` (${name(cons)} (${name(head)} ${name(parameter)})` +
      ` (${name(tail)} (${name(list)} ${name(parameter)})))))))`,
  ];
  const functions = [
    ...Object.entries(constants).map(
      ([of, id]) => `(declare-const ${name(id)} ${sort(of as TestSort)})`,
    ),
    `(declare-fun ${name(f)} (Int) ${sort("U")})`,
    `(declare-fun ${name(g)} (${sort("U")} Int) Bool)`,
    `(declare-fun ${name(h)} (${sort("U")} ${sort("U")}) ${sort("U")})`,
  ];
  const definitions = script.definitions.map(({ id, parameters, sort: of, body }) => {
    const pairs = parameters.map((one) => `(${name(one.id)} ${sort(one.sort)})`).join(" ");
    return `(define-fun ${name(id)} (${pairs}) ${sort(of)} ${write(body)})`;
  });
  const ordered = (lines: readonly string[]): readonly string[] =>
    style.reversed ? lines.toReversed() : lines;
  return [
    ...ordered(sorts),
    ...ordered(functions),
    ...(style.inline ? [] : definitions),
    ...script.assertions.map((assertion) => `(assert ${write(assertion)})`),
    "(check-sat)",
  ].join("\n");
}

function sortText(sort: TestSort, name: Style["name"]): string {
  switch (sort) {
    case "U":
      return name(fixed.uninterpreted);
    case "L":
      return `(${name(fixed.list)} Int)`;
    case "A":
      return "(Array Int Int)";
    default:
      return sort;
  }
}

function createWriter(
  script: RandomScript,
  { name, inline }: Style,
): (expression: Expression) => string {
  let copies = 0;

  function write(expression: Expression, texts: ReadonlyMap<number, string>): string {
    switch (expression.type) {
      case "operator": {
        if (expression.operands.length === 0) return expression.head;
        const operands = expression.operands.map((operand) => write(operand, texts));
        return `(${expression.head} ${operands.join(" ")})`;
      }
      case "name": {
        const { id } = expression;
        if (id === fixed.nil) return `(as ${name(id)} ${sortText("L", name)})`;
        return texts.get(id) ?? name(id);
      }
      case "call": {
        const operands = expression.operands.map((operand) => write(operand, texts));
        const definition = script.definitions.find(({ id }) => id === expression.id);
        if (inline && definition !== undefined) {
          const bound = definition.parameters.map(({ id }, index): [number, string] => [
            id,
            operands[index] ?? "",
          ]);
          return write(definition.body, new Map(bound));
        }
        return operands.length === 0
          ? name(expression.id)
          : `(${name(expression.id)} ${operands.join(" ")})`;
      }
      case "quantifier": {
        // Written out in several places, a binder needs a name of its own in each.
        const named = expression.variables.map(({ id, sort }) => ({
          id,
          sort,
          text: inline ? `copy${copies++}` : name(id),
        }));
        const inner = new Map([
          ...texts,
          ...named.map(({ id, text }): [number, string] => [id, text]),
        ]);
        const pairs = named.map(({ text, sort }) => `(${text} ${sortText(sort, name)})`);
        return `(${expression.head} (${pairs.join(" ")}) ${write(expression.body, inner)})`;
      }
      case "let": {
        const values = expression.bindings.map(({ id, value }): [number, string] => [
          id,
          write(value, texts),
        ]);
        if (inline) return write(expression.body, new Map([...texts, ...values]));
        const pairs = values.map(([id, text]) => `(${name(id)} ${text})`);
        return `(let (${pairs.join(" ")}) ${write(expression.body, texts)})`;
      }
    }
  }

  return (expression) => write(expression, new Map());
}
