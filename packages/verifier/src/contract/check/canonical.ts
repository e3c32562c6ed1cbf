import type {
  Contract,
  ContractClause,
  ContractExpression,
  ContractIntent,
  ContractMember,
  ContractStatement,
  RecordLiteral,
  StateEntry,
} from "../../language/syntax/contract.ts";
import type { Name } from "../../language/syntax/syntax.ts";
import type { Declared } from "./scope.ts";

/** Returns the value of a constant as an expression of the source. Undefined for other names. */
type Values = (
  use: Extract<ContractExpression, { type: "name" }>,
) => ContractExpression | undefined;

/**
 * Returns a contract with its constants replaced by their values and older names of types by the
 * current ones, so that contracts that mean the same print the same.
 */
export function canonicalContract(
  contract: Contract,
  declared: ReadonlyMap<string, Declared>,
): Contract {
  const values: Values = (use) => constantAt(use, declared);
  const members = contract.members
    .filter((member) => member.type !== "constant")
    .map((member) => mapMember(member, values));
  return { ...contract, members };
}

function constantAt(
  use: Extract<ContractExpression, { type: "name" }>,
  declared: ReadonlyMap<string, Declared>,
): ContractExpression | undefined {
  const constant = declared.get(use.name);
  if (constant?.type !== "constant") return undefined;
  const { value, of } = constant;
  const { span } = use;
  if (typeof value === "boolean") return { type: "boolean", value, span };
  if (typeof value === "string") {
    if (of.kind === "digest") return { type: "bytes", kind: "digest", hex: value, span };
    const bytes = { type: "bytes", kind: "account", hex: value, span } as const;
    return isNobody(bytes) ? { type: "none", span } : bytes;
  }
  if (of.kind === "enum") {
    const member: Name = { text: of.words[Number(value)] ?? "", span };
    return { type: "member", object: { type: "name", name: of.name, span }, member, span };
  }
  if (value >= 0n) return { type: "integer", value, span };
  return { type: "negate", operand: { type: "integer", value: -value, span }, span };
}

function currentType(name: Name): Name {
  return name.text === "Balance" ? { ...name, text: "Amount" } : name;
}

function mapMember(member: ContractMember, values: Values): ContractMember {
  const inside = (expression: ContractExpression): ContractExpression => map(expression, values);
  const maybe = (one: ContractExpression | undefined): ContractExpression | undefined =>
    one === undefined ? undefined : inside(one);
  switch (member.type) {
    case "record": {
      const fields = member.fields.map((one) => ({ ...one, typeName: currentType(one.typeName) }));
      return { ...member, fields };
    }
    case "state":
      return { ...member, entries: member.entries.map((entry) => mapEntry(entry, values)) };
    case "invariant":
    case "transition":
      return { ...member, condition: inside(member.condition) };
    case "exit": {
      const { keeping, via } = member;
      return {
        ...member,
        condition: inside(member.condition),
        keeping: keeping === undefined ? undefined : { ...keeping, amount: inside(keeping.amount) },
        after: maybe(member.after),
        within: maybe(member.within),
        via: { ...via, args: via.args.map(inside) },
        beneficiary: inside(member.beneficiary),
      };
    }
    case "intent":
      return mapIntent(member, values);
    default:
      return member;
  }
}

function mapEntry(entry: StateEntry, values: Values): StateEntry {
  const typeName = currentType(entry.typeName);
  if (entry.type === "scalar") {
    const initial = entry.initial === undefined ? undefined : map(entry.initial, values);
    return { ...entry, typeName, initial };
  }
  const initial = entry.initial.map((cell) => ({
    ...cell,
    keys: cell.keys.map((key) => map(key, values)),
    value: map(cell.value, values),
  }));
  return { ...entry, typeName, keyTypes: entry.keyTypes.map(currentType), initial };
}

function mapIntent(intent: ContractIntent, values: Values): ContractIntent {
  const clause = (one: ContractClause): ContractClause =>
    one.type === "let"
      ? { ...one, value: map(one.value, values) }
      : { ...one, expression: map(one.expression, values) };
  return {
    ...intent,
    parameters: intent.parameters.map((one) => ({ ...one, typeName: currentType(one.typeName) })),
    lets: intent.lets.map((one) => ({ ...one, value: map(one.value, values) })),
    guard: intent.guard.map(clause),
    effect: intent.effect.map((one) => mapStatement(one, values)),
    verify: intent.verify.map(clause),
  };
}

function mapStatement(statement: ContractStatement, values: Values): ContractStatement {
  switch (statement.type) {
    case "let":
      return { ...statement, value: map(statement.value, values) };
    case "assignment": {
      const target = map(statement.target, values);
      return { ...statement, target, value: map(statement.value, values) };
    }
    case "delete":
      return { ...statement, target: map(statement.target, values) };
    case "assert":
      return { ...statement, expression: map(statement.expression, values) };
    case "emit":
      return { ...statement, event: mapRecord(statement.event, values) };
  }
}

function mapRecord(record: RecordLiteral, values: Values): RecordLiteral {
  const fields = record.fields.map((one) => ({ ...one, value: map(one.value, values) }));
  return { ...record, fields };
}

function map(expression: ContractExpression, values: Values): ContractExpression {
  const inside = (one: ContractExpression): ContractExpression => map(one, values);
  switch (expression.type) {
    case "name":
      return values(expression) ?? expression;
    case "bytes":
      return isNobody(expression) ? { type: "none", span: expression.span } : expression;
    case "old":
    case "negate":
    case "not":
      return { ...expression, operand: inside(expression.operand) };
    case "binary":
      return { ...expression, left: inside(expression.left), right: inside(expression.right) };
    case "if":
      return {
        ...expression,
        condition: inside(expression.condition),
        consequent: inside(expression.consequent),
        alternative: inside(expression.alternative),
      };
    case "call":
    case "function":
      return { ...expression, operands: expression.operands.map(inside) };
    case "record":
      return mapRecord(expression, values);
    case "member":
      return { ...expression, object: inside(expression.object) };
    case "index":
      return { ...expression, object: inside(expression.object), key: inside(expression.key) };
    case "in":
      return { ...expression, key: inside(expression.key), map: inside(expression.map) };
    case "sum": {
      const row = expression.row === undefined ? undefined : inside(expression.row);
      return { ...expression, row, term: inside(expression.term) };
    }
    default:
      return expression;
  }
}

/** Tells whether a literal is the account of 32 zero bytes, which is written `none`. */
function isNobody({ kind, hex }: Extract<ContractExpression, { type: "bytes" }>): boolean {
  return kind === "account" && /^0+$/.test(hex);
}
