import type { Sort, Term } from "../../src/term.ts";
import { operandsOf } from "../../src/term-operands.ts";

/**
 * Prints the question whether assumptions hold and a goal does not, as an SMT-LIB script. It is
 * unsatisfiable if the assumptions imply the goal. Terms of intents and contracts only: integers,
 * booleans, arrays and free functions. A term that is used more than once is defined once.
 */
export function termScript(assumptions: readonly Term[], goal: Term): string {
  const printer = createPrinter();
  const formulas = [...assumptions.map(printer.print), `(not ${printer.print(goal)})`];
  return [...printer.lines, ...formulas.map((text) => `(assert ${text})`), "(check-sat)"].join(
    "\n",
  );
}

const ARITHMETIC = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "div",
  modulo: "mod",
} as const;

function createPrinter() {
  const lines: string[] = [];
  const declared = new Set<string>();
  const known = new Map<Term, { readonly text: string; readonly sort: string }>();
  const declare = (name: string, from: readonly string[], sort: string): void => {
    if (declared.has(name)) return;
    declared.add(name);
    lines.push(`(declare-fun ${symbolText(name)} (${from.join(" ")}) ${sort})`);
  };
  const of = (term: Term): { readonly text: string; readonly sort: string } => {
    const found = known.get(term);
    if (found === undefined) throw new Error("operands are printed before the terms that use them");
    return found;
  };
  const leaf = (term: Term): string | undefined => {
    if (term.type === "integer") return term.value < 0n ? `(- ${-term.value})` : `${term.value}`;
    if (term.type === "boolean") return `${term.value}`;
    if (term.type !== "symbol") return undefined;
    declare(term.name, [], sortText(term.sort));
    return symbolText(term.name);
  };
  const visit = (term: Term): void => {
    const sort = sortOf(term, (operand) => of(operand).sort);
    const alone = leaf(term);
    if (alone !== undefined) {
      known.set(term, { text: alone, sort });
      return;
    }
    const operands = operandsOf(term).map((operand) => of(operand));
    const parts = operands.map(({ text }) => text).join(" ");
    if (term.type === "apply")
      declare(
        term.name,
        operands.map((one) => one.sort),
        sort,
      );
    if ((term.type === "and" || term.type === "or") && operands.length < 2) {
      known.set(term, operands[0] ?? { text: `${term.type === "and"}`, sort });
      return;
    }
    const text = `|term ${known.size}|`;
    lines.push(`(define-fun ${text} () ${sort} (${operatorOf(term, sort)} ${parts}))`);
    known.set(term, { text, sort });
  };
  const print = (term: Term): string => {
    const open: Term[] = [term];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const missing = known.has(top) ? [] : operandsOf(top).filter((one) => !known.has(one));
      if (missing.length > 0) {
        open.push(...missing);
        continue;
      }
      if (!known.has(top)) visit(top);
      open.pop();
    }
    return of(term).text;
  };
  return { lines, print };
}

/** Returns the text of a symbol. A name that begins with a dot is reserved in SMT-LIB. */
function symbolText(name: string): string {
  return `|symbol ${name}|`;
}

function operatorOf(term: Term, sort: string): string {
  switch (term.type) {
    case "apply":
      return symbolText(term.name);
    case "arithmetic":
      if (term.operator === "quotient") break;
      return ARITHMETIC[term.operator];
    case "compare":
      return term.operator === "less" ? "<" : "<=";
    case "equal":
      return "=";
    case "implies":
      return "=>";
    case "if":
      return "ite";
    case "constant-array":
      return `(as const ${sort})`;
    case "and":
    case "or":
    case "not":
    case "select":
    case "store":
      return term.type;
    default:
  }
  throw new Error(`no obligation of an intent or contract has a term \`${term.type}\``);
}

function sortOf(term: Term, known: (operand: Term) => string): string {
  switch (term.type) {
    case "integer":
    case "arithmetic":
      return "Int";
    case "symbol":
    case "apply":
      return sortText(term.sort);
    case "if":
      return known(term.then);
    case "store":
      return known(term.array);
    case "constant-array":
      return `(Array ${sortText(term.index)} ${known(term.value)})`;
    case "select":
      return elementOf(known(term.array));
    default:
      return "Bool";
  }
}

function sortText(sort: Sort): string {
  if (sort === "integer") return "Int";
  if (sort === "boolean") return "Bool";
  if (typeof sort === "object" && sort.type === "array") {
    return `(Array ${sortText(sort.index)} ${sortText(sort.element)})`;
  }
  throw new Error("no obligation of an intent or contract has another sort");
}

/** Returns the sort of an array's elements. Indexes are integers or booleans. */
function elementOf(array: string): string {
  const found = /^\(Array (?:Int|Bool) (.+)\)$/.exec(array)?.[1];
  if (found === undefined) throw new Error(`no array: ${array}`);
  return found;
}
