import { addFunction } from "../environment/environment.ts";
import type { Machine, QuantifierFrame } from "../environment/machine.ts";
import { readIndex } from "../environment/read-index.ts";
import type { TypedTerm } from "../graph/typed-term.ts";
import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { asSymbol, child } from "../syntax/shape.ts";

const WEIGHT_MAX = 1_000_000;

/**
 * Visits `(! term attributes)`. Names, and hints for the solver, are read and typed like terms. All
 * other attributes are skipped, because they do not change the claim.
 */
export function visitAttributes(machine: Machine, list: List): void {
  const attributes = attributesOf(list);
  const frame = machine.scope.quantifiers.at(-1);
  machine.plan([
    machine.visit(child(list, 1)),
    ...attributes.map((attribute) => () => readAttribute(machine, attribute, frame)),
  ]);
}

interface Attribute {
  readonly keyword: Atom;
  readonly value: Node | undefined;
}

function attributesOf(list: List): readonly Attribute[] {
  const attributes: Attribute[] = [];
  for (let at = 2; at < list.items.length; at++) {
    const keyword = list.items[at];
    if (keyword?.type !== "keyword") {
      throw new ScreenError("shape", "`!` takes keywords after the term", keyword?.at ?? list.at);
    }
    const next = list.items[at + 1];
    const value = next?.type === "keyword" ? undefined : next;
    if (value !== undefined) at++;
    attributes.push({ keyword, value });
  }
  return attributes;
}

function readAttribute(
  machine: Machine,
  { keyword, value }: Attribute,
  frame: QuantifierFrame | undefined,
): void {
  if (value === undefined) return;
  switch (keyword.text) {
    case ":named":
      return nameTerm(machine, asSymbol(value));
    case ":pattern":
      if (value.type !== "list") throw new ScreenError("shape", "a pattern is a list", value.at);
      return readHint(machine, value.items, (terms) => frame?.patterns.push(terms));
    case ":no-pattern":
      return readHint(machine, [value], (terms) => {
        for (const term of terms) frame?.excluded.push(term);
      });
    case ":weight":
      if (frame !== undefined) frame.weight = readIndex(value, WEIGHT_MAX);
      return;
    default:
  }
}

/** Binds a name to the term that was read last, as `define-const` would. */
function nameTerm(machine: Machine, name: Atom): void {
  const { environment, scope } = machine;
  const [named] = machine.take(1);
  if (named === undefined) throw new Error("invariant broken: nothing to name");
  const { term, at } = named;
  machine.push(term, at);
  if (term.open > 0 || term.parametric) {
    throw new ScreenError("shape", "only a term without free variables can be named", name.at);
  }
  const body = environment.instantiate(term, { from: scope.level, to: 0, at });
  addFunction(environment, name, { type: "macro", domain: [], body });
}

function readHint(
  machine: Machine,
  nodes: readonly Node[],
  keep: (terms: readonly TypedTerm[]) => void,
): void {
  machine.plan([
    ...nodes.map(machine.visit),
    () => {
      const terms = machine.take(nodes.length).map(({ term }) => term);
      if (terms.length > 0 && terms.every(canBeHint)) keep(terms);
    },
  ]);
}

/** Tells whether Z3 accepts a term as a hint: it must be an application without quantifiers. */
function canBeHint({ operator, operands, binds }: TypedTerm): boolean {
  return operator.type !== "quantifier" && operands.length > 0 && !binds;
}
