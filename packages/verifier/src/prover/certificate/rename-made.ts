import { gateKey } from "../../kernel/gates.ts";
import { nodeKey } from "../../kernel/problem.ts";
import { spend, spendParts } from "../budget/budget.ts";
import type { ProblemSize } from "../state/problem-size.ts";
import { findLiteral, type MadeGates, type Renaming, renameNode } from "./renaming.ts";

/**
 * Finds the ids in the certificate's problem (see `Renaming`) of everything that the search's
 * problem had when its size was `end`. Leaves out what does not exist in the certificate's problem.
 * An entry of the certificate that mentions something left out cannot be written.
 */
export function renameMade(renaming: Renaming, end: ProblemSize): void {
  for (let id = renaming.base.nodes; id < end.nodes; id++) renameNodeMade(renaming, id);
  takeGates(renaming);
  renaming.made ??= gatesOf(renaming);
  const { codes, definitions } = renaming.made;
  // Inputs of a gate come before it.
  for (let variable = renaming.base.variables; variable < end.variables; variable++) {
    spendParts(renaming.budget, 2);
    if (renaming.variables.has(variable)) continue;
    const code = codes.get(variable);
    const definition = definitions.get(variable);
    if (code !== undefined) renameGate(renaming, variable, code);
    else if (definition !== undefined) renameWideGate(renaming, variable, definition);
  }
}

function gatesOf({ from, base, budget }: Renaming): MadeGates {
  spendParts(budget, 8 * from.gateIds.size + 2 * from.clauses.length);
  const codes = new Map<number, number>();
  for (const [code, output] of from.gateIds) codes.set(output >> 1, code);
  const definitions = new Map<number, readonly number[]>();
  for (const clause of from.clauses) {
    const variable = (clause[0] ?? 0) >> 1;
    if (isDefinition(clause) && variable >= base.variables) definitions.set(variable, clause);
  }
  return { codes, definitions };
}

function renameNodeMade(renaming: Renaming, id: number): void {
  const { from, to, nodes, budget } = renaming;
  spendParts(budget, 2);
  const node = from.nodes[id];
  if (node === undefined || nodes.has(id)) return;
  spend(budget, 1 + node.operands.length);
  const rename = (one: number): number => renameNode(renaming, one) ?? -1;
  // The detail of a fresh index is its arrays.
  const detail =
    node.operator === "fresh"
      ? node.detail.split(" ").map(Number).map(rename).join(" ")
      : node.detail;
  const renamed = to.nodeIds.get(nodeKey({ ...node, operands: node.operands.map(rename), detail }));
  if (renamed === undefined) return;
  nodes.set(id, renamed);
  noteLiterals(renaming, [from.literals[id]], [to.literals[renamed]]);
  noteLiterals(renaming, from.bits[id] ?? [], to.bits[renamed] ?? []);
}

function noteLiterals(
  { variables, from, base }: Renaming,
  olds: readonly (number | undefined)[],
  news: readonly (number | undefined)[],
): void {
  olds.forEach((old, at) => {
    const renamed = news[at];
    if (old === undefined || renamed === undefined || old >> 1 < base.variables) return;
    if (from.atoms[old >> 1] === undefined) variables.set(old >> 1, renamed ^ (old & 1));
  });
}

/**
 * Maps a gate of two inputs of the search to the gate of the certificate's problem (see `Renaming`)
 * that has the renamed inputs.
 */
function renameGate(renaming: Renaming, variable: number, code: number): void {
  spend(renaming.budget, 2);
  const left = findLiteral(renaming, Math.floor(code / 2 ** 22));
  const right = findLiteral(renaming, Math.floor(code / 2) % 2 ** 21);
  if (left === undefined || right === undefined) return;
  // The inputs of an exclusive or are positive; a negated input negates the result.
  const isXor = code % 2 === 1;
  const sign = isXor ? (left & 1) ^ (right & 1) : 0;
  const key = isXor ? gateKey(left & ~1, right & ~1, 1) : gateKey(left, right, 0);
  const renamed = renaming.to.gateIds.get(key);
  if (renamed !== undefined) renaming.variables.set(variable, renamed ^ sign);
}

/**
 * Maps a gate of more than two inputs of the search to the gate of the certificate's problem (see
 * `Renaming`) that has the renamed inputs. `clause` is the clause of the gate that contains all its
 * inputs.
 */
function renameWideGate(renaming: Renaming, variable: number, clause: readonly number[]): void {
  const inputs: number[] = [];
  spend(renaming.budget, clause.length);
  for (const literal of clause.slice(1)) {
    const renamed = findLiteral(renaming, literal);
    if (renamed === undefined) return;
    inputs.push(renamed);
  }
  const renamed = renaming.gates.get(keyOfInputs(inputs));
  if (renamed !== undefined) renaming.variables.set(variable, renamed);
}

function takeGates(renaming: Renaming): void {
  const { clauses } = renaming.to;
  for (; renaming.clausesTaken < clauses.length; renaming.clausesTaken++) {
    const clause = clauses[renaming.clausesTaken] ?? [];
    const [output = 0, ...inputs] = clause;
    spendParts(renaming.budget, isDefinition(clause) ? 4 * clause.length : 1);
    if (isDefinition(clause)) renaming.gates.set(keyOfInputs(inputs), output);
  }
}

function isDefinition(clause: readonly number[]): boolean {
  const [output = 1] = clause;
  return clause.length > 3 && output % 2 === 0;
}

function keyOfInputs(inputs: readonly number[]): string {
  return inputs.toSorted((left, right) => left - right).join(" ");
}
