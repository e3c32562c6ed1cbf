import { UNITS } from "@aethel/models/primitives";
import type { CompiledIntent } from "../../src/intent/compiled/compile.ts";
import type { Execution, ExecutionInput } from "../../src/intent/execution/execution.ts";
import { DivisionByZero, type Environment, evaluate } from "../../src/language/evaluate.ts";
import { holdingName } from "../../src/language/syntax/assets.ts";
import type { Assignment } from "../../src/language/syntax/syntax.ts";

const AMOUNT_END = 1n << 64n;

/** Result of a run as text by which two interpreters are compared. */
export type PlainResult =
  | { readonly type: "applied"; readonly writes: readonly string[]; readonly units: number }
  | { readonly type: "guard-false" | "fault"; readonly at: number; readonly units: number };

/**
 * The meaning of an intent as directly as it can be written: every place has a name, two maps have
 * the values before and now, and what was stored is remembered in its order. For valid inputs.
 */
export function runPlainly(intent: CompiledIntent, input: ExecutionInput): PlainResult {
  const [before, now] = [new Map<string, bigint>(), new Map<string, bigint>()];
  const locals = new Map(input.arguments);
  const stored: string[] = [];
  let units = 0;
  const read = (place: string, first: () => bigint): void => {
    if (before.has(place)) return;
    before.set(place, first());
    units += UNITS.read;
  };
  const assetNamed = (name: string) => intent.assets.find((asset) => asset.name === name);
  const reach = (target: Assignment["target"]): string => {
    if (target.type === "supply") {
      const asset = assetNamed(target.asset.text);
      const place = `supply of ${target.asset.text}`;
      read(place, () => (asset === undefined ? -1n : (input.supply?.(asset) ?? -1n)));
      return place;
    }
    const account = String(input.arguments.get(target.account.text));
    const place = `${holdingName(target)} of ${account}`;
    const asset = target.asset === undefined ? undefined : assetNamed(target.asset.text);
    const field = target.field.text === "stake" ? "stake" : "balance";
    read(place, () => input.read(account, field, asset));
    return place;
  };
  const valueOf = (target: Assignment["target"], old: boolean): bigint => {
    const place = reach(target);
    return (old ? undefined : now.get(place)) ?? before.get(place) ?? -1n;
  };
  const text = (word: string) => ({ text: word, span: intent.intent.name.span });
  const environment: Environment = {
    name: (name) => locals.get(name) ?? false,
    field: ({ account, field, old }) => {
      const [, asset] = /^balance\[(.*)\]$/.exec(field) ?? [];
      const place = {
        account: text(account),
        field: text(asset === undefined ? field : "balance"),
      };
      const target = { type: "field" as const, ...place, span: intent.intent.name.span };
      return valueOf(asset === undefined ? target : { ...target, asset: text(asset) }, old);
    },
    supply: ({ asset, old }) =>
      valueOf({ type: "supply", asset: text(asset), span: intent.intent.name.span }, old),
    sequence: () => input.sequence,
    spend: (more) => {
      units += more;
    },
  };
  try {
    for (const clause of intent.intent.guard) {
      if (clause.type === "let") locals.set(clause.name.text, evaluate(clause.value, environment));
      else if (evaluate(clause.expression, environment) !== true) {
        return { type: "guard-false", at: clause.span.start.offset, units };
      }
    }
    for (const statement of intent.intent.effect) {
      const value = evaluate(statement.value, environment);
      if (statement.type === "let") {
        locals.set(statement.name.text, value);
        continue;
      }
      const { operator, target, span } = statement;
      const amount = BigInt(value);
      const previous = operator === "=" ? 0n : valueOf(target, false);
      const next = operator === "-=" ? previous - amount : previous + amount;
      if (next < 0n || next >= AMOUNT_END) return { type: "fault", at: span.start.offset, units };
      const place = reach(target);
      const first = UNITS.write + (place.startsWith("stake of ") ? UNITS.stake : 0);
      units += stored.includes(place) ? UNITS.store : UNITS.store + first;
      if (!stored.includes(place)) stored.push(place);
      now.set(place, next);
    }
  } catch (error) {
    if (!(error instanceof DivisionByZero)) throw error;
    return { type: "fault", at: error.span.start.offset, units };
  }
  const writes = stored.map((place) => `${place}: ${before.get(place)} to ${now.get(place)}`);
  return { type: "applied", writes, units };
}

/** Result of the interpreter in the same form. Supplies come after all holdings. */
export function inPlainWords(execution: Execution): PlainResult {
  const units = execution.executionUnits;
  if (execution.type === "out-of-units") return { type: "fault", at: -1, units };
  if (execution.type !== "applied") {
    return { type: execution.type, at: execution.span.start.offset, units };
  }
  const holdings = execution.writes.map(({ account, field, asset, before, after }) => {
    const name = asset === undefined ? field : `${field}[${asset.name}]`;
    return `${name} of ${account}: ${before} to ${after}`;
  });
  const supplies = execution.supplies.map(
    ({ asset, before, after }) => `supply of ${asset.name}: ${before} to ${after}`,
  );
  return { type: "applied", writes: [...holdings, ...supplies], units };
}
