import { assetHolding, holdingName } from "../../language/syntax/assets.ts";
import { childrenOf } from "../../language/syntax/children.ts";
import { fieldNames, type HoldingName } from "../../language/syntax/fields.ts";
import type { Assignment, Expression, Field } from "../../language/syntax/syntax.ts";
import type { CompiledIntent } from "./compile.ts";

/** Returns the account parameters of which the intent reads or writes a field, in their order. */
export function touchedAccounts(intent: CompiledIntent): readonly string[] {
  const touched = new Set(fieldsIn(intent).map((field) => field.account.text));
  return intent.parameters.map((one) => one.name).filter((name) => touched.has(name));
}

/**
 * Returns the fields, of any account, that the intent reads or writes: native fields first, then
 * declared assets by name.
 */
export function touchedFields(intent: CompiledIntent): readonly HoldingName[] {
  const touched = new Set(fieldsIn(intent).map(holdingName));
  const names = [...fieldNames, ...intent.assets.map((asset) => assetHolding(asset.name))];
  return names.filter((name) => touched.has(name));
}

/** Returns the names of the declared assets whose supply the intent reads or writes, in order. */
export function touchedSupplies(intent: CompiledIntent): readonly string[] {
  const written = assignmentsOf(intent).map((statement) => statement.target);
  const touched = new Set(
    [...written, ...nodesOf(intent)].flatMap((one) =>
      one.type === "supply" ? [one.asset.text] : [],
    ),
  );
  return intent.assets.map((asset) => asset.name).filter((name) => touched.has(name));
}

/** Tells whether the intent reads the sequence (the height of the block). */
export function usesSequence(intent: CompiledIntent): boolean {
  return nodesOf(intent).some((node) => node.type === "sequence");
}

function fieldsIn(intent: CompiledIntent): readonly Field[] {
  const targets = assignmentsOf(intent).map((statement) => statement.target);
  return [...targets, ...nodesOf(intent)].filter((place) => place.type === "field");
}

/** Returns the assignments of an intent, in their order. */
export function assignmentsOf(intent: CompiledIntent): readonly Assignment[] {
  return intent.intent.effect.filter((statement) => statement.type === "assignment");
}

/** Returns all expression nodes of an intent. */
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
