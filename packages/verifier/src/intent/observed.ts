import { assert } from "@aethel/models";
import { childrenOf } from "../language/children.ts";
import { type FieldName, fieldNames } from "../language/fields.ts";
import type { Expression, Field } from "../language/syntax.ts";
import type { Term } from "../term.ts";
import { select } from "./build-term.ts";
import type { CompiledIntent } from "./compile.ts";
import type { StateTerms } from "./encode-expression.ts";

/** Key of `Obligation.observed` under which an argument's value is read. */
export const argumentKey = (parameter: string): string => `argument ${parameter}`;

/** Key under which a field of the account that a parameter names is read, before the run. */
export const fieldKey = (parameter: string, field: FieldName): string => `${field} ${parameter}`;

/** Key under which the sequence is read. */
export const sequenceKey = "sequence";

/** What must be known of a model to run the intent on it. */
export function observedTerms(
  intent: CompiledIntent,
  terms: {
    readonly symbols: ReadonlyMap<string, Term>;
    readonly sequence: Term;
    readonly before: StateTerms;
  },
): ReadonlyMap<string, Term> {
  const observed = new Map<string, Term>();
  for (const parameter of intent.parameters) {
    observed.set(argumentKey(parameter.name), termOf(terms.symbols, parameter.name));
  }
  const touched = touchedFields(intent);
  for (const account of touchedAccounts(intent)) {
    for (const field of touched) {
      const value = select(terms.before[field], termOf(terms.symbols, account));
      observed.set(fieldKey(account, field), value);
    }
  }
  if (usesSequence(intent)) observed.set(sequenceKey, terms.sequence);
  return observed;
}

/** The account parameters of which a field is read or written, in their order. */
export function touchedAccounts(intent: CompiledIntent): readonly string[] {
  const touched = new Set(fieldsIn(intent).map((field) => field.account.text));
  return intent.parameters.map((one) => one.name).filter((name) => touched.has(name));
}

/** The fields that the intent reads or writes of any account. */
export function touchedFields(intent: CompiledIntent): readonly FieldName[] {
  const touched = new Set(fieldsIn(intent).map((field) => field.field.text));
  return fieldNames.filter((name) => touched.has(name));
}

/** Whether the height of the block matters. */
export function usesSequence(intent: CompiledIntent): boolean {
  return nodesOf(intent).some((node) => node.type === "sequence");
}

function fieldsIn(intent: CompiledIntent): readonly Field[] {
  const targets = intent.intent.effect.flatMap((statement) =>
    statement.type === "assignment" ? [statement.target] : [],
  );
  return [...targets, ...nodesOf(intent).filter((node) => node.type === "field")];
}

/** Every expression node of an intent. */
function nodesOf(intent: CompiledIntent): readonly Expression[] {
  const { guard, effect, verify } = intent.intent;
  const roots = [
    ...[...guard, ...verify].map((one) => (one.type === "let" ? one.value : one.expression)),
    ...effect.map((statement) => statement.value),
  ];
  const nodes: Expression[] = [];
  const visit = (node: Expression): void => {
    nodes.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const root of roots) visit(root);
  return nodes;
}

function termOf(symbols: ReadonlyMap<string, Term>, name: string): Term {
  const term = symbols.get(name);
  assert(term !== undefined, "a checked name is a symbol");
  return term;
}
