import type {
  ContractClause,
  ContractIntent,
  ContractLet,
  ContractStatement,
} from "../../language/syntax/contract.ts";
import type {
  ContractParameter,
  TypedClause,
  TypedIntent,
  TypedLet,
  TypedStatement,
} from "../typed/typed-contract.ts";
import { typeOfRead } from "../typed/values.ts";
import { bind } from "./check-places.ts";
import { checkAssignment, checkDelete } from "./check-store.ts";
import { checkTypeOf, widthOfRead } from "./checked.ts";
import { type ContractScope, type Local, type Permissions, PLACES } from "./scope.ts";

/**
 * Checks an intent of a contract. Reports faults, and leaves faulty clauses and statements out of
 * the result.
 */
export function checkContractIntent(
  intent: ContractIntent,
  parameters: readonly (ContractParameter | undefined)[],
  outer: ContractScope,
): TypedIntent {
  const locals = new Map<string, Local | undefined>();
  const scope = (permissions: Permissions): ContractScope => ({ ...outer, locals, permissions });
  const guard = scope(PLACES.guard);
  intent.parameters.forEach(({ name }, at) => {
    const type = parameters[at]?.type;
    const of = type === undefined || type.kind === "signature" ? type : typeOfRead(type);
    bind(name, of && type && { of, width: widthOfRead(type) }, { scope: guard, locals });
  });
  const lets = intent.lets.flatMap((one) => checkLet(one, guard, locals) ?? []);
  const clauses = (
    block: readonly ContractClause[],
    within: ContractScope,
  ): readonly TypedClause[] => block.flatMap((clause) => checkClause(clause, within, locals) ?? []);
  const typed: TypedIntent = {
    name: intent.name.text,
    parameters: parameters.flatMap((one) => one ?? []),
    lets,
    guard: clauses(intent.guard, guard),
    effect: intent.effect.flatMap((one) => checkStatement(one, scope, locals) ?? []),
    verify: clauses(intent.verify, scope(PLACES.verify)),
    span: intent.name.span,
  };
  return typed;
}

function checkLet(
  statement: ContractLet,
  scope: ContractScope,
  locals: Map<string, Local | undefined>,
): TypedLet | undefined {
  const { name, span } = statement;
  const value = scope.check(statement.value, scope);
  const isSignature = value?.of.kind === "signature";
  bind(name, isSignature ? undefined : value, { scope, locals });
  if (isSignature) {
    scope.report("type", statement.value.span, "a signature cannot be named: use the parameter");
  }
  if (value === undefined || isSignature) return undefined;
  return { type: "let", name: name.text, value: value.typed, span };
}

function checkClause(
  clause: ContractClause,
  scope: ContractScope,
  locals: Map<string, Local | undefined>,
): TypedClause | undefined {
  if (clause.type === "let") return checkLet(clause, scope, locals);
  const condition = checkTypeOf(clause.expression, { kind: "bool" }, scope);
  if (condition === undefined) return undefined;
  return { type: "condition", condition: condition.typed, span: clause.span };
}

function checkStatement(
  statement: ContractStatement,
  scope: (permissions: Permissions) => ContractScope,
  locals: Map<string, Local | undefined>,
): TypedStatement | undefined {
  const effect = scope(PLACES.effect);
  switch (statement.type) {
    case "let":
      return checkLet(statement, effect, locals);
    case "assignment":
      return checkAssignment(statement, effect);
    case "delete":
      return checkDelete(statement, effect);
    case "emit": {
      const event = effect.check(statement.event, effect);
      return event === undefined
        ? undefined
        : { type: "emit", event: event.typed, span: statement.span };
    }
    case "assert": {
      const assertion = scope(PLACES.assertion);
      const condition = checkTypeOf(statement.expression, { kind: "bool" }, assertion);
      if (condition === undefined) return undefined;
      return { type: "assert", condition: condition.typed, span: statement.span };
    }
  }
}
