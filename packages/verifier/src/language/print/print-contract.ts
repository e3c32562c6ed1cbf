import { amountFloor } from "../parse/contract-expression.ts";
import { precedence } from "../parse/parse-operators.ts";
import type {
  Contract,
  ContractClause,
  ContractExpression,
  ContractIntent,
  ContractLet,
  ContractMember,
  ContractStatement,
  Exit,
  ForEach,
  HoldingsOf,
  MapEntry,
  MapPromise,
  RecordLiteral,
  StateEntry,
} from "../syntax/contract.ts";
import type { Name } from "../syntax/syntax.ts";
import { printBlock, printParameter } from "./print-intent-parts.ts";
import { bracket, printShared } from "./print-shared.ts";

/** Prints the canonical text of a contract: fixed layout, fewest brackets, no comments. */
export function printContract(contract: Contract): string {
  const members = contract.members.map((member) => `${printMember(member)}\n`);
  return `contract ${contract.name.text} {\n${members.join("")}}`;
}

/** Prints the canonical text of an expression of a contract, in brackets if `floor` needs them. */
export function printContractExpression(expression: ContractExpression, floor = 0): string {
  return printWithin(expression, floor, "anywhere");
}

/** Position of a printed expression. In the condition of an `if`, a record is put in brackets. */
type Where = "anywhere" | "condition";

function printWithin(expression: ContractExpression, floor: number, where: Where): string {
  const inner = printContractExpression;
  const beside = (one: ContractExpression, least = 0): string => printWithin(one, least, where);
  switch (expression.type) {
    case "now":
    case "none":
    case "vault":
      return expression.type;
    case "bytes":
      return `${expression.kind} "${expression.hex}"`;
    case "member":
      return `${beside(expression.object, tightest)}.${expression.member.text}`;
    case "index":
      return `${beside(expression.object, tightest)}[${inner(expression.key)}]`;
    case "in": {
      const isBracketed = comparison < floor;
      const key = isBracketed ? inner : beside;
      const map = printContractExpression(expression.map, tightest);
      return bracket(`${key(expression.key, comparison + 1)} in ${map}`, isBracketed);
    }
    case "function":
      return `${expression.callee}(${expression.operands.map((one) => inner(one)).join(", ")})`;
    case "sum": {
      const { cell, keys, map, row, term } = expression;
      const at = keys.length === 0 ? "" : ` at ${listNames(keys)}`;
      const of = row === undefined ? map.text : `${map.text}[${inner(row)}]`;
      return `sum(${cell.text}${at} in ${of}: ${inner(term)})`;
    }
    case "record":
      return bracket(printRecord(expression), where === "condition");
    case "negate":
    case "not":
      // `-x.f` and `-x[k]` mean the negation of a field or cell.
      return bracket(printShared(expression, beside, floor), floor >= tightest);
    case "if": {
      const { condition, consequent, alternative } = expression;
      const branch = floor > 0 ? inner : beside;
      const test = printWithin(condition, 0, "condition");
      return bracket(
        `if ${test} then ${branch(consequent)} else ${branch(alternative)}`,
        floor > 0,
      );
    }
    case "binary": {
      const isBracketed = precedence[expression.operator] < floor;
      return printShared(expression, isBracketed ? inner : beside, floor);
    }
    default:
      return printShared(expression, inner, floor);
  }
}

const comparison = precedence["=="];

/**
 * Precedence above that of every operator. As `floor`, it puts the operand of `.` and `[` in
 * brackets unless that is a primary expression.
 */
const tightest = 8;

function printRecord({ name, fields }: RecordLiteral): string {
  const values = fields.map(
    (field) => `${field.name.text}: ${printContractExpression(field.value)}`,
  );
  return values.length === 0 ? `${name.text} {}` : `${name.text} { ${values.join(", ")} }`;
}

function printMember(member: ContractMember): string {
  switch (member.type) {
    case "constant":
      return `  const ${member.name.text} = ${printContractExpression(member.value)};`;
    case "asset": {
      const issuer = member.issuer === undefined ? "self" : `"${member.issuer.text}"`;
      return `  asset ${member.name.text} issuer ${issuer};`;
    }
    case "record": {
      const fields = member.fields.map(
        ({ name, typeName }) => `    ${name.text}: ${typeName.text};\n`,
      );
      return `  record ${member.name.text} {\n${fields.join("")}  }`;
    }
    case "enum":
      return `  enum ${member.name.text} { ${listNames(member.words)} }`;
    case "state": {
      const entries = member.entries.map((entry) => `    ${printEntry(entry)};\n`);
      return `  state {\n${entries.join("")}  }`;
    }
    case "invariant":
    case "transition": {
      const { type, name, forEach, condition } = member;
      const heads = forEach.map((one) => `${printForEach(one)} `).join("");
      return `  ${type} ${name.text}: ${heads}${printContractExpression(condition)};`;
    }
    case "exit":
      return `  ${printExit(member)};`;
    case "uncovered":
      return `  uncovered ${printHoldings(member.balance)} "${member.reason.text}";`;
    case "intent":
      return printContractIntent(member);
  }
}

function printEntry(entry: StateEntry): string {
  if (entry.type === "map") return printMap(entry);
  const initial = entry.initial === undefined ? "" : ` = ${printContractExpression(entry.initial)}`;
  return `${entry.name.text}: ${entry.typeName.text}${initial}`;
}

function printMap({ name, keyTypes, typeName, initial, promise }: MapEntry): string {
  const keys = keyTypes.map((key) => `[${key.text}]`).join("");
  const cells = initial.map(({ keys: at, value }) => {
    const place = at.map((key) => `[${printContractExpression(key)}]`).join("");
    return `${place}: ${printContractExpression(value)}`;
  });
  const start = cells.length === 0 ? "" : ` = { ${cells.join(", ")} }`;
  const head = promise === undefined ? "" : `${printPromise(promise)} `;
  return `${head}${name.text}: map${keys} ${typeName.text}${start}`;
}

function printPromise({ kind, balance, unless }: MapPromise): string {
  const paid = balance === undefined ? "" : ` (${printHoldings(balance)})`;
  return `${kind}${paid}${printUnless(unless)}`;
}

function printUnless(names: readonly Name[]): string {
  return names.length === 0 ? "" : ` unless ${listNames(names)}`;
}

function printHoldings({ asset }: HoldingsOf): string {
  return asset === undefined ? "balance" : `balance[${asset.text}]`;
}

function printForEach({ binders, map }: ForEach): string {
  return `for each ${listNames(binders)} in ${map.text}:`;
}

function printExit(exit: Exit): string {
  const print = printContractExpression;
  const { keeping, after, within, via } = exit;
  const parts = [
    exit.forEach === undefined ? "" : `${printForEach(exit.forEach)} `,
    print(exit.condition),
    keeping === undefined ? "" : ` keeping ${print(keeping.amount, amountFloor)}`,
    keeping?.balance === undefined ? "" : ` in ${printHoldings(keeping.balance)}`,
    after === undefined ? "" : ` after ${print(after)}`,
    within === undefined ? "" : ` within ${print(within)}`,
    printUnless(exit.unless),
    ` via ${via.intent.text}(${via.args.map((one) => print(one)).join(", ")})`,
    ` ${exit.who} ${print(exit.beneficiary)}`,
  ];
  return `exit ${exit.name.text}: ${parts.join("")}`;
}

function printContractIntent(intent: ContractIntent): string {
  const parameters = intent.parameters.map(printParameter).join(", ");
  const lets = intent.lets.map((one) => `    ${printLet(one)}\n`).join("");
  const blocks = [
    printBlock("guard", intent.guard.map(printClause), "  "),
    printBlock("effect", intent.effect.map(printStatement), "  "),
    printBlock("verify", intent.verify.map(printClause), "  "),
  ];
  return `  intent ${intent.name.text}(${parameters}) {\n${lets}${blocks.join("")}  }`;
}

function printClause(clause: ContractClause): string {
  return clause.type === "let"
    ? printLet(clause)
    : `${printContractExpression(clause.expression)};`;
}

function printStatement(statement: ContractStatement): string {
  const print = printContractExpression;
  switch (statement.type) {
    case "let":
      return printLet(statement);
    case "assignment":
      return `${print(statement.target, tightest)} ${statement.operator} ${print(statement.value)};`;
    case "delete":
      return `delete ${print(statement.target, tightest)};`;
    case "assert":
      return `assert ${print(statement.expression)};`;
    case "emit":
      return `emit ${printRecord(statement.event)};`;
  }
}

function printLet({ name, value }: ContractLet): string {
  return `let ${name.text} = ${printContractExpression(value)};`;
}

function listNames(names: readonly Name[]): string {
  return names.map((name) => name.text).join(", ");
}
