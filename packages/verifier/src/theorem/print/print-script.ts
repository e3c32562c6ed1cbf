import { assertNever } from "@aethel/models/primitives";
import type { Typed } from "../environment/machine.ts";
import type { FunctionSymbol, Hint, Operator, TypedTerm } from "../graph/typed-term.ts";
import type { Sort } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import { createFreshNames, type FreshNames } from "./fresh-names.ts";
import { printBits, printInteger, printReal, printString } from "./print-literal.ts";
import { createSortPrinter, type SortPrinter } from "./print-sort.ts";
import { type PrintScope, sharedTerms } from "./sharing.ts";

/** Text of a script that Z3 reads. */
export interface PrintedScript {
  /** Declarations and assertions. Everything that the script names has a fresh name. */
  readonly text: string;
  /** Names of the script by fresh name. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Bounds on printing. */
export interface PrintLimits {
  readonly characters: number;
  /** Greatest number of visits of terms in the search for terms that occur more than once. */
  readonly steps: number;
}

/**
 * Prints typed assertions. Names are numbered in the order of first appearance, sorts are explicit
 * and without parameters, and repeated terms are named by `let`. Declarations that no assertion
 * needs are left out. So the result contains nothing of the script's own text.
 *
 * @throws ScreenError `expansion` beyond the limits.
 */
export function printScript(
  assertions: readonly Typed[],
  sorts: SortTable,
  limits: PrintLimits,
): PrintedScript {
  const names = createFreshNames();
  const declarations: string[] = [];
  const budget = { ...limits };
  const declare = (text: string): void => {
    budget.characters -= text.length;
    if (budget.characters < 0) {
      throw new ScreenError(
        "expansion",
        "the declarations are too large when they are written out",
        0,
      );
    }
    declarations.push(text);
  };
  const printer = createSortPrinter(sorts, names, declare);
  const context: Context = { names, declare, sorts: printer, budget };
  const printed = assertions.map(({ term, at }) => printAssertion(context, term, at));
  return { text: [...declarations, ...printed].join("\n"), originals: names.originals };
}

interface Context {
  readonly names: FreshNames;
  readonly declare: (declaration: string) => void;
  readonly sorts: SortPrinter;
  /** Numbers of characters and of steps that are left of the limits. */
  readonly budget: { characters: number; steps: number };
}

type Task =
  | string
  | { readonly type: "term"; readonly term: TypedTerm }
  | { readonly type: "scope"; readonly scope: PrintScope }
  | { readonly type: "name"; readonly terms: readonly TypedTerm[]; readonly first: number }
  | { readonly type: "forget"; readonly terms: readonly TypedTerm[] };

/** State of printing one assertion. */
interface Assertion {
  readonly context: Context;
  /** Offset of the assertion in the script. */
  readonly at: number;
  readonly parts: string[];
  /** Names of the terms that are bound by a `let` around the current place. */
  readonly letNames: Map<TypedTerm, string>;
  letCount: number;
  /** Stack of tasks; the last one is done next. */
  readonly tasks: Task[];
}

function printAssertion(context: Context, root: TypedTerm, at: number): string {
  const assertion: Assertion = {
    context,
    at,
    parts: [],
    letNames: new Map(),
    letCount: 0,
    tasks: [")", { type: "scope", scope: { root, from: 0, to: 0 } }, "(assert "],
  };
  const { tasks, letNames } = assertion;
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if (typeof task === "string") emit(assertion, task);
    else if (task.type === "term") printTerm(assertion, task.term);
    else if (task.type === "scope") printScope(assertion, task.scope);
    else if (task.type === "name") {
      const { first } = task;
      task.terms.forEach((term, index) => letNames.set(term, `t_${first + index}`));
    } else for (const term of task.terms) letNames.delete(term);
  }
  return assertion.parts.join("");
}

function printScope(assertion: Assertion, scope: PrintScope): void {
  const layers = sharedTerms(scope, (steps) => spend(assertion, steps));
  const bindings = layers.flatMap((layer): Task[] => {
    // Values are printed before the names of their own layer are known.
    const first = assertion.letCount;
    const pairs = layer.flatMap((term, index): Task[] => [
      `(t_${first + index} `,
      { type: "term", term },
      ")",
    ]);
    assertion.letCount += layer.length;
    return ["(let (", ...pairs, ") ", { type: "name", terms: layer, first }];
  });
  plan(assertion, [
    ...bindings,
    { type: "term", term: scope.root },
    ")".repeat(layers.length),
    { type: "forget", terms: layers.flat() },
  ]);
}

function printTerm(assertion: Assertion, term: TypedTerm): void {
  const name = assertion.letNames.get(term);
  if (name !== undefined) return emit(assertion, name);
  const { operator } = term;
  if (operator.type === "quantifier") return printQuantifier(assertion, term, operator);
  const head = printHead(assertion.context, term);
  if (term.operands.length === 0) return emit(assertion, head);
  emit(assertion, `(${head}`);
  plan(assertion, [
    ...term.operands.flatMap((operand): Task[] => [" ", { type: "term", term: operand }]),
    ")",
  ]);
}

function printQuantifier(
  assertion: Assertion,
  { operands }: TypedTerm,
  { quantifier, level, sorts, hints }: Extract<Operator, { type: "quantifier" }>,
): void {
  const [body] = operands;
  if (body === undefined) throw new Error("invariant broken: a quantifier without a body");
  const { print } = assertion.context.sorts;
  const variables = sorts.map((sort, index) => `(v_${level + index} ${print(sort)})`);
  const scope = { root: body, from: level, to: level + sorts.length };
  const hinted = hints.length > 0;
  emit(assertion, `(${quantifier} (${variables.join(" ")}) ${hinted ? "(! " : ""}`);
  plan(assertion, [{ type: "scope", scope }, ...hints.flatMap(hintTasks), hinted ? "))" : ")"]);
}

/** Plans tasks to be done next, in the given order, before all others. */
function plan({ tasks }: Assertion, planned: readonly Task[]): void {
  for (const task of planned.toReversed()) tasks.push(task);
}

function emit({ context, parts, at }: Assertion, text: string): void {
  context.budget.characters -= text.length;
  if (context.budget.characters < 0) tooLarge(at);
  parts.push(text);
}

function spend({ context, at }: Assertion, steps: number): void {
  context.budget.steps -= steps;
  if (context.budget.steps < 0) tooLarge(at);
}

function tooLarge(at: number): never {
  throw new ScreenError("expansion", "this assertion is too large when it is written out", at);
}

function hintTasks(hint: Hint): readonly Task[] {
  switch (hint.type) {
    case "pattern":
      return [
        " :pattern (",
        ...hint.terms.flatMap((term, index): Task[] => [
          index === 0 ? "" : " ",
          { type: "term", term },
        ]),
        ")",
      ];
    case "no-pattern":
      return [" :no-pattern ", { type: "term", term: hint.term }];
    case "weight":
      return [` :weight ${hint.weight}`];
    default:
      return assertNever(hint);
  }
}

function printHead(context: Context, { operator, operands, sort }: TypedTerm): string {
  switch (operator.type) {
    case "theory":
      return operator.indices.length === 0
        ? operator.name
        : `(_ ${operator.name} ${operator.indices.join(" ")})`;
    case "integer":
      return printInteger(operator.value);
    case "real":
      return printReal(operator.numerator, operator.denominator);
    case "bits":
      return printBits(operator.value, sort.type === "bits" ? sort.width : 0);
    case "string":
      return printString(operator.characters);
    case "function":
      return printFunction(context, operator.symbol);
    case "construct":
      return context.sorts.member(sort, operator.constructor);
    case "select":
      return context.sorts.member(instanceOf(operands), operator.selector);
    case "test":
      return `(_ is ${context.sorts.member(instanceOf(operands), operator.constructor)})`;
    case "constant-array":
      return `(as const ${context.sorts.print(sort)})`;
    case "variable":
      return `v_${operator.level}`;
    case "parameter":
    case "quantifier":
      throw new Error(`invariant broken: ${operator.type} where an operator is printed`);
    default:
      return assertNever(operator);
  }
}

function printFunction({ names, declare, sorts }: Context, symbol: FunctionSymbol): string {
  const { name, isNew } = names.nameOf("f", symbol, symbol.name);
  if (isNew) {
    const domain = symbol.domain.map(sorts.print).join(" ");
    declare(`(declare-fun ${name} (${domain}) ${sorts.print(symbol.result)})`);
  }
  return name;
}

function instanceOf(operands: readonly TypedTerm[]): Sort {
  const [operand] = operands;
  if (operand === undefined) throw new Error("invariant broken: nothing to look into");
  return operand.sort;
}
