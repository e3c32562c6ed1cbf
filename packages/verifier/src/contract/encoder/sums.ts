import { operandsOf } from "../typed/operands-of.ts";
import type { TypedContract } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";

type Sum = Extract<StateRead, { type: "sum" }>;

/** Sums in the rules and promises of a contract, each once. */
export interface SumTable {
  readonly entries: readonly SumEntry[];
}

/** Sum of a contract. `key` is equal for equal sums only. */
export interface SumEntry {
  readonly key: string;
  readonly sum: Sum;
  /** Whether it was proved that the invariants keep the term of each cell from being negative. */
  readonly isShown: boolean;
}

/**
 * Collects the sums of a contract. Sums that differ only in the names of their locals are one.
 * `shown` has the indexes of those whose terms the invariants keep from being negative.
 */
export function sumsOf(contract: TypedContract, shown: ReadonlySet<number>): SumTable {
  const sums = new Map<string, Sum>();
  const visit = (typed: Typed): void => {
    if (typed.type === "sum") sums.set(sumKey(typed), sums.get(sumKey(typed)) ?? typed);
    for (const operand of operandsOf(typed)) visit(operand);
  };
  for (const { condition } of [...contract.invariants, ...contract.transitions]) visit(condition);
  for (const intent of contract.intents) {
    for (const clause of intent.verify) {
      visit(clause.type === "let" ? clause.value : clause.condition);
    }
    for (const statement of intent.effect) {
      if (statement.type === "assert") visit(statement.condition);
    }
  }
  return {
    entries: [...sums].map(([key, sum], at) => ({ key, sum, isShown: shown.has(at) })),
  };
}

/**
 * Returns a text that is equal for sums with the same map and the same term, however their locals
 * are called. Sums over rows of one map are equal whatever the row is: they are one array.
 */
export function sumKey(sum: Sum): string {
  const names = new Map([
    [sum.cell, "cell"],
    ...sum.keys.map((key, at) => [key, `key ${at}`] as const),
  ]);
  const isRow = sum.row !== undefined;
  return `${sum.map} ${isRow ? "row" : "all"} ${describe(sum.term, names)}`;
}

function describe(typed: Typed, names: ReadonlyMap<string, string>): string {
  return JSON.stringify(typed, (key, value: unknown) => {
    if (key === "span") return undefined;
    if (typeof value === "bigint") return `${value}n`;
    return key === "name" && typeof value === "string" ? (names.get(value) ?? value) : value;
  });
}
