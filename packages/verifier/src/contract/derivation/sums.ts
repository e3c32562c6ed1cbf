import { operandsOf } from "../typed/operands-of.ts";
import type { TypedContract, TypedMap } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";

export type SumRead = Extract<StateRead, { type: "sum" }>;

/** Sum of a contract. Sums with equal keys add the same numbers. */
export interface Sum {
  readonly key: string;
  readonly sum: SumRead;
  /** Whether the type of the term alone keeps it from being negative. */
  readonly isNatural: boolean;
}

/**
 * Returns the sums of a contract in the order in which they first occur: in invariants,
 * transitions, conditions of `verify`, and assertions of each intent.
 */
export function sumsOf(contract: TypedContract): readonly Sum[] {
  const found = new Map<string, Sum>();
  const roots = [
    ...contract.invariants.map(({ condition }) => condition),
    ...contract.transitions.map(({ condition }) => condition),
    ...contract.intents.flatMap((intent) => [
      ...intent.verify.map((one) => (one.type === "let" ? one.value : one.condition)),
      ...intent.effect.flatMap((one) => (one.type === "assert" ? [one.condition] : [])),
    ]),
  ];
  const waiting = roots.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === "sum") {
      const key = keyOf(next);
      const map = contract.maps.find(({ name }) => name === (next as SumRead).map);
      if (!found.has(key)) found.set(key, { key, sum: next, isNatural: isNaturalSum(next, map) });
    }
    waiting.push(...operandsOf(next).toReversed());
  }
  return [...found.values()];
}

/**
 * Returns a text that is equal for sums over one map with one term. The names of the cell and of
 * its keys do not matter. A sum over a row is the same for all rows: one array of sums.
 */
export function keyOf({ map, row, cell, keys, term }: SumRead): string {
  const places = new Map([cell, ...keys].map((name, place) => [name, place]));
  const text = JSON.stringify(term, (key, value: unknown) => {
    if (key === "span") return undefined;
    if (typeof value === "bigint") return `${value}n`;
    return isLocal(value) ? { place: places.get(value.name) } : value;
  });
  return `${map} ${row === undefined ? "all" : "row"} ${text}`;
}

function isLocal(value: unknown): value is { readonly name: string } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "local";
}

/** Tells whether the types of a cell and its keys keep the term of a sum from being negative. */
function isNaturalSum(sum: SumRead, map: TypedMap | undefined): boolean {
  const varying = map?.keys.slice(sum.row === undefined ? 0 : 1) ?? [];
  const isAmount = (name: string): boolean => {
    if (name === sum.cell) return map?.value.kind === "amount";
    return varying[sum.keys.indexOf(name)]?.kind === "amount";
  };
  return isNatural(sum.term, isAmount);
}

function isNatural(term: Typed, isAmount: (local: string) => boolean): boolean {
  const is = (one: Typed): boolean => isNatural(one, isAmount);
  switch (term.type) {
    case "literal":
      return typeof term.value === "bigint" && term.value >= 0n;
    case "local":
      return isAmount(term.name);
    case "project":
      return isNaturalField(term.record, term, is);
    case "if":
      return is(term.consequent) && is(term.alternative);
    case "call":
      if (term.callee === "abs") return true;
      return term.callee === "max" ? term.operands.some(is) : term.operands.every(is);
    case "binary":
      // A remainder is never negative, and it is shown that no divisor is zero.
      if (term.operator === "%") return true;
      return /^[+*/]$/.test(term.operator) && is(term.left) && is(term.right);
    default:
      return false;
  }
}

/** Only records that are stored keep the ranges of their fields. */
function isNaturalField(
  record: Typed,
  field: Extract<Typed, { type: "project" }>,
  is: (one: Typed) => boolean,
): boolean {
  switch (record.type) {
    case "local":
      return field.of.fields[field.at]?.type.kind === "amount";
    case "record":
      return record.fields.slice(field.at, field.at + 1).every(is);
    case "if":
      return [record.consequent, record.alternative].every((one) => isNaturalField(one, field, is));
    default:
      return false;
  }
}
