import type { Obligation, Sort, Term } from "@aethel/verifier";

/** An obligation as the SMT-LIB script that somebody would write by hand: unsat, or sat for guards. */
export function obligationText(obligation: Obligation): string {
  const goal = obligation.kind === "satisfiable" ? [] : [`(not ${textOf(obligation.goal)})`];
  const formulas = [...obligation.assumptions.map(textOf), ...goal];
  const symbols = new Map<string, Sort>();
  for (const term of [...obligation.assumptions, obligation.goal]) collect(term, symbols);
  const declarations = [...symbols].map(
    ([name, sort]) => `(declare-const |${name}| ${sortText(sort)})`,
  );
  const assertions = formulas.map((formula) => `(assert ${formula})`);
  return [...declarations, ...assertions, "(check-sat)"].join("\n");
}

const operators = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "div",
  modulo: "mod",
  quotient: "/",
};

/** The sorts of an intent's symbols: fields are arrays from account to integer. */
function sortText(sort: Sort): string {
  if (sort === "integer") return "Int";
  return sort === "boolean" ? "Bool" : "(Array Int Int)";
}

function collect(term: Term, symbols: Map<string, Sort>): void {
  if (term.type === "symbol") symbols.set(term.name, term.sort);
  for (const operand of partsOf(term).operands) collect(operand, symbols);
}

function textOf(term: Term): string {
  if (term.type === "integer") return term.value < 0n ? `(- ${-term.value})` : `${term.value}`;
  if (term.type === "boolean") return `${term.value}`;
  if (term.type === "symbol") return `|${term.name}|`;
  const { operator, operands } = partsOf(term);
  return `(${operator} ${operands.map(textOf).join(" ")})`;
}

function partsOf(term: Term): { readonly operator: string; readonly operands: readonly Term[] } {
  switch (term.type) {
    case "arithmetic":
      return { operator: operators[term.operator], operands: term.operands };
    case "compare":
      return { operator: term.operator === "less" ? "<" : "<=", operands: [term.left, term.right] };
    case "equal":
      return { operator: "=", operands: [term.left, term.right] };
    case "implies":
      return { operator: "=>", operands: [term.left, term.right] };
    case "not":
      return { operator: "not", operands: [term.operand] };
    case "and":
    case "or":
      return { operator: term.type, operands: term.operands };
    case "if":
      return { operator: "ite", operands: [term.condition, term.then, term.else] };
    case "select":
      return { operator: "select", operands: [term.array, term.index] };
    case "store":
      return { operator: "store", operands: [term.array, term.index, term.value] };
    default:
      return { operator: "", operands: [] };
  }
}
