import type { ContractExpression, ContractStatement } from "../../language/syntax/contract.ts";
import type { Span } from "../../obligation.ts";
import type { Place, TypedStatement } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ExpressionType, ScalarType, ValueType } from "../typed/value-types.ts";
import { defaultOf, typeOfRead } from "../typed/values.ts";
import { checkIndex, checkKeys, checkMember, mapPath, reportNoMap } from "./check-places.ts";
import { checkTypeOf, excerpt } from "./checked.ts";
import type { Checked, ContractScope } from "./scope.ts";

type Assignment = Extract<ContractStatement, { type: "assignment" }>;

/**
 * Checks an assignment. `+=` and `-=` become a store of the sum or difference. Undefined, after a
 * report, if it is faulty.
 */
export function checkAssignment(
  statement: Assignment,
  scope: ContractScope,
): TypedStatement | undefined {
  const { target: written, operator, span } = statement;
  const target = checkTarget(written, scope);
  const wanted = operator === "=" ? target?.checked.of : ({ kind: "number" } as const);
  const value =
    wanted === undefined
      ? scope.check(statement.value, scope)
      : checkTypeOf(statement.value, wanted, scope);
  if (target === undefined || value === undefined) return undefined;
  if (operator === "=") return { type: "store", target: target.place, value: value.typed, span };
  if (target.checked.of.kind !== "number") {
    scope.report("type", written.span, `\`${operator}\` changes a number`);
    return undefined;
  }
  const sum: Typed = {
    type: "binary",
    operator: operator === "+=" ? "+" : "-",
    left: target.checked.typed,
    right: value.typed,
    span,
  };
  return { type: "store", target: target.place, value: sum, span };
}

/** Checks `delete map[k]`, which stores the default of the cell's type. */
export function checkDelete(
  statement: Extract<ContractStatement, { type: "delete" }>,
  scope: ContractScope,
): TypedStatement | undefined {
  const { target: written, span } = statement;
  const path = mapPath(written, scope);
  if (path === undefined && (written.type === "name" || written.type === "index")) {
    reportNoMap(written, scope);
    return undefined;
  }
  if (path === undefined || path.keys.length !== path.declared.keys.length) {
    scope.report("type", written.span, "`delete` takes a cell of a map, as in `delete map[k]`");
    return undefined;
  }
  const keys = checkKeys(path, scope, false);
  if (keys === undefined) return undefined;
  const target: Place = { type: "cell", map: path.map, keys, field: undefined };
  return { type: "store", target, value: defaultTyped(path.declared.value, span), span };
}

/** Returns the default of a type as an expression. */
function defaultTyped(type: ValueType, span: Span): Typed {
  if (type.kind === "record") {
    return {
      type: "record",
      of: type,
      fields: type.fields.map((field) => defaultTyped(field.type, span)),
      span,
    };
  }
  const value = defaultOf(type);
  if (typeof value === "object") throw new Error("the default of a scalar is no record");
  return { type: "literal", value, of: literalType(type), span };
}

function literalType(type: ScalarType): Exclude<ExpressionType, { kind: "record" }> {
  const read = typeOfRead(type);
  if (read.kind === "record") throw new Error("a scalar is no record");
  return read;
}

/** Place of the state that an assignment changes, and the expression that reads the same place. */
interface Target {
  readonly place: Place;
  readonly checked: Checked;
}

function checkTarget(written: ContractExpression, scope: ContractScope): Target | undefined {
  const checked =
    written.type === "member"
      ? checkMember(written, scope, false)
      : written.type === "index"
        ? checkIndex(written, scope, false)
        : checkScalar(written, scope);
  if (checked === undefined) return undefined;
  const place = placeOf(checked.typed, scope);
  if (place === "refused") return undefined;
  if (place !== undefined) return { place, checked };
  const message = `\`${excerpt(written)}\` cannot be stored: it is no place of the state`;
  scope.report("type", written.span, message);
  return undefined;
}

function checkScalar(written: ContractExpression, scope: ContractScope): Checked | undefined {
  if (written.type === "name" && scope.declared.get(written.name)?.type === "map") {
    scope.report(
      "type",
      written.span,
      `\`${written.name}\` is a map: write \`${written.name}[k]\``,
    );
    return undefined;
  }
  const typed = checkTypeOfAny(written, scope);
  return typed;
}

function checkTypeOfAny(written: ContractExpression, scope: ContractScope): Checked | undefined {
  const declared = written.type === "name" ? scope.declared.get(written.name) : undefined;
  if (written.type === "name" && !scope.locals.has(written.name) && declared === undefined) {
    return scope.check(written, scope);
  }
  if (declared?.type === "faulty") return undefined;
  if (declared?.type === "scalar") {
    return checkTypeOf(written, typeOfRead(declared.value), scope);
  }
  const hint = written.type === "vault" ? ": write `vault.balance`" : "";
  scope.report("type", written.span, `\`${excerpt(written)}\` cannot be stored${hint}`);
  return undefined;
}

/**
 * Returns the place of the state that an expression reads. Undefined if the expression reads no
 * place. "refused", after a report, if no intent may write this place.
 */
function placeOf(typed: Typed, scope: ContractScope): Place | "refused" | undefined {
  switch (typed.type) {
    case "holding":
      if (typed.field === "balance") {
        return { type: "holding", account: typed.account, asset: typed.asset };
      }
      scope.report("privileged", typed.span, "a contract cannot write `stake`");
      return "refused";
    case "supply": {
      const declared = scope.declared.get(typed.asset);
      if (declared?.type === "asset" && declared.asset.isOwn)
        return { type: "supply", asset: typed.asset };
      const message = `only the supply of an asset with \`issuer self\` can be stored, and \`${typed.asset}\` has another issuer`;
      scope.report("privileged", typed.span, message);
      return "refused";
    }
    case "vault":
      return { type: "vault", asset: typed.asset };
    case "scalar":
      return { type: "scalar", name: typed.name, field: undefined };
    case "cell":
      return { type: "cell", map: typed.map, keys: typed.keys, field: undefined };
    case "project": {
      const { record, at } = typed;
      // No statement changes a field of the state before the call.
      if ("isOld" in record && record.isOld) return undefined;
      if (record.type === "scalar") return { type: "scalar", name: record.name, field: at };
      if (record.type !== "cell") return undefined;
      return { type: "cell", map: record.map, keys: record.keys, field: at };
    }
    default:
      return undefined;
  }
}
