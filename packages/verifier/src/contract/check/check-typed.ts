import type { ContractExpression, RecordLiteral } from "../../language/syntax/contract.ts";
import { valueBits } from "../../language/syntax/fields.ts";
import { LANGUAGE_LIMITS } from "../../language/syntax/limits.ts";
import type { Span } from "../../obligation.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { FieldValue, RecordType } from "../typed/value-types.ts";
import { none, typeOfRead } from "../typed/values.ts";
import { checkBinary, checkCall, checkChoice, checkUnary } from "./check-operators.ts";
import { checkIn, checkIndex, checkMember, checkSum, reportNoField } from "./check-places.ts";
import {
  checkTypeOf,
  condition,
  literal,
  mayRead,
  plain,
  widthOf,
  widthOfRead,
} from "./checked.ts";
import { type Checked, type ContractScope, describeType, named, type Width } from "./scope.ts";
import { withHint } from "./suggest.ts";

const NUMBER = { kind: "number" } as const;
const BOOL = { kind: "bool" } as const;
const ACCOUNT = { kind: "account" } as const;

/**
 * Resolves the names, places and types of an expression. `isOld` is set inside `old(...)`. Each
 * fault is reported once; the result is then undefined.
 */
export function checkTyped(
  expression: ContractExpression,
  scope: ContractScope,
  isOld = false,
): Checked | undefined {
  const checked = typedOf(expression, scope, isOld);
  const { valueBits: most } = LANGUAGE_LIMITS;
  if (checked === undefined) return undefined;
  const { bits, writtenBits } = checked.width;
  if (bits <= most && writtenBits <= most) return checked;
  const message =
    bits > most
      ? `this value can need ${bits} bits; at most ${most} are allowed`
      : `this value, written out without \`let\`, \`/\` and \`%\`, can need ${writtenBits} bits; at most ${most} are allowed`;
  scope.report("limit", expression.span, message);
  return undefined;
}

function typedOf(
  expression: ContractExpression,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { span } = expression;
  switch (expression.type) {
    case "integer": {
      const width = widthOf(expression.value.toString(2).length, true);
      return literal(expression.value, NUMBER, span, width);
    }
    case "decimal": {
      const message = `decimals are not supported: \`${expression.text}\` must be written with integers`;
      scope.report("unsupported", span, message);
      return undefined;
    }
    case "boolean":
      return literal(expression.value, BOOL, span);
    case "none":
      return literal(none, ACCOUNT, span);
    case "bytes":
      return literal(expression.hex, { kind: expression.kind }, span);
    case "name":
      return checkName(expression.name, span, scope, isOld);
    case "sequence":
    case "now":
      if (!mayMention(expression.type, span, scope)) return undefined;
      return {
        typed: { type: expression.type, span },
        of: NUMBER,
        width: widthOf(valueBits.sequence, true),
      };
    case "vault":
      scope.report("type", span, "`vault` is not a value; write `vault.balance`");
      return undefined;
    case "member":
      return checkMember(expression, scope, isOld);
    case "index":
      return checkIndex(expression, scope, isOld);
    case "in":
      return checkIn(expression, scope, isOld);
    case "sum":
      return checkSum(expression, scope, isOld);
    case "record":
      return checkRecord(expression, scope, isOld);
    case "function":
      return checkFunction(expression, scope, isOld);
    case "old":
    case "negate":
    case "not":
      return checkUnary(expression, scope, isOld);
    case "if":
      return checkChoice(expression, scope, isOld);
    case "call":
      return checkCall(expression, scope, isOld);
    case "binary":
      return checkBinary(expression, scope, isOld);
  }
}

/**
 * Tells whether facts of the call (`now`, `sequence`, signatures) may be used in this part of the
 * contract. Reports the use if not.
 */
function mayMention(what: string, span: Span, scope: ContractScope): boolean {
  if (scope.permissions.call) return true;
  scope.report("type", span, `${scope.permissions.place} cannot mention \`${what}\``);
  return false;
}

function checkName(
  name: string,
  span: Span,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  if (scope.locals.has(name)) {
    const local = scope.locals.get(name);
    return (
      local && {
        typed: { type: "local", name, of: local.of, span },
        of: local.of,
        width: local.width,
        fields: local.fields,
      }
    );
  }
  const declared = scope.declared.get(name);
  if (declared?.type === "faulty") return undefined;
  if (declared === undefined) {
    const names = (): readonly string[] => [...scope.locals.keys(), ...scope.declared.keys()];
    scope.report("unknown-name", span, withHint(`\`${name}\` is not declared`, name, names));
    return undefined;
  }
  if (declared.type === "constant") {
    return literal(declared.value, declared.of, span, widthOfLiteral(declared.value));
  }
  if (declared.type === "scalar") {
    if (!mayRead(span, scope)) return undefined;
    const of = typeOfRead(declared.value);
    return {
      typed: { type: "scalar", name, of, isOld, span },
      of,
      width: widthOfRead(declared.value),
    };
  }
  scope.report("type", span, `\`${name}\` is ${whatIs(declared.type)}, not a value`);
  return undefined;
}

function whatIs(type: "asset" | "record" | "enum" | "map" | "intent" | "rule"): string {
  switch (type) {
    case "asset":
      return "an asset";
    case "record":
      return "a record type";
    case "enum":
      return "an enumeration";
    case "map":
      return "a map";
    case "intent":
      return "an intent";
    case "rule":
      return "the name of a rule";
  }
}

function widthOfLiteral(value: FieldValue): Width {
  if (typeof value !== "bigint") return plain;
  const magnitude = value < 0n ? -value : value;
  return widthOf(magnitude.toString(2).length, value >= 0n);
}

function checkRecord(
  expression: RecordLiteral,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { name, span } = expression;
  const of = recordNamed(expression, scope);
  if (of === undefined) return undefined;
  const given = new Map<string, Checked>();
  let isFaulty = false;
  for (const field of expression.fields) {
    const declared = of.fields.find((one) => one.name === field.name.text);
    if (declared === undefined) {
      reportNoField(field.name, of, scope);
      isFaulty = true;
      continue;
    }
    if (given.has(declared.name)) {
      scope.report("duplicate", field.name.span, `\`${declared.name}\` is given already`);
      isFaulty = true;
    }
    const value = checkTypeOf(field.value, typeOfRead(declared.type), scope, isOld);
    if (value === undefined) isFaulty = true;
    else given.set(declared.name, value);
  }
  const missing = of.fields.filter((one) => !given.has(one.name)).map((one) => `\`${one.name}\``);
  if (!isFaulty && missing.length > 0) {
    scope.report("missing", span, `\`${name.text}\` needs ${missing.join(", ")}`);
    return undefined;
  }
  if (isFaulty) return undefined;
  const values = of.fields.flatMap((one) => given.get(one.name) ?? []);
  const typed: Typed = { type: "record", of, fields: values.map((one) => one.typed), span };
  return { typed, of, width: plain, fields: values.map((one) => one.width) };
}

function recordNamed({ name }: RecordLiteral, scope: ContractScope): RecordType | undefined {
  const declared = scope.declared.get(name.text);
  if (declared?.type === "record") return declared.record;
  if (declared?.type === "faulty") return undefined;
  const message = `there is no record \`${name.text}\``;
  const records = (): readonly string[] => named("record", scope);
  scope.report("unknown-type", name.span, withHint(message, name.text, records));
  return undefined;
}

function checkFunction(
  expression: Extract<ContractExpression, { type: "function" }>,
  scope: ContractScope,
  isOld: boolean,
): Checked | undefined {
  const { callee, operands, span } = expression;
  const [first, second, third] = operands;
  if (first === undefined) return undefined;
  if (callee === "sha256") {
    const operand = checkTyped(first, scope, isOld);
    if (operand === undefined) return undefined;
    const { kind } = operand.of;
    if (kind !== "number" && kind !== "digest" && kind !== "record") {
      const message = `\`sha256\` takes a number, a digest or a record, not ${describeType(operand.of)}`;
      scope.report("type", first.span, message);
      return undefined;
    }
    const typed: Typed = { type: "sha256", operand: operand.typed, of: operand.of, span };
    return { typed, of: { kind: "digest" }, width: plain };
  }
  if (!mayMention(callee, span, scope)) return undefined;
  const account = checkTypeOf(first, ACCOUNT, scope, isOld);
  if (callee === "signed") {
    return account === undefined
      ? undefined
      : condition({ type: "signed", account: account.typed, span });
  }
  if (second === undefined || third === undefined) return undefined;
  const record = checkTyped(second, scope, isOld);
  const signature = checkTypeOf(third, { kind: "signature" }, scope, isOld);
  if (account === undefined || record === undefined || signature === undefined) return undefined;
  if (record.of.kind !== "record") {
    scope.report("type", second.span, `expected a record, but this is ${describeType(record.of)}`);
    return undefined;
  }
  return condition({
    type: "signed-message",
    account: account.typed,
    record: record.typed,
    of: record.of,
    signature: signature.typed,
    span,
  });
}
