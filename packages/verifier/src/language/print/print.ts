import type { DeclaredAsset } from "../syntax/assets.ts";
import type { Item, Module } from "../syntax/module.ts";
import type {
  Assignment,
  Clause,
  Expression,
  Field,
  Hint,
  Intent,
  Let,
  SupplyOf,
} from "../syntax/syntax.ts";
import { printContract } from "./print-contract.ts";
import { printBlock, printParameter } from "./print-intent-parts.ts";
import { printShared } from "./print-shared.ts";

/**
 * Prints the canonical text of a module: fixed layout, as few brackets as possible, one spelling of
 * each operator, no comments. Parsing the text gives the same tree, except for the spans of its
 * nodes.
 */
export function printModule(module: Module): string {
  return module.items.map((item) => `${printItem(item, "")}\n`).join("\n");
}

/** Prints the canonical text of an intent. */
export function printIntent(intent: Intent, indent = ""): string {
  const head = intent.supply === "fixed" ? "intent" : `${intent.supply} intent`;
  const parameters = intent.parameters.map(printParameter).join(", ");
  const blocks = [
    printBlock("guard", intent.guard.map(printClause), indent),
    printBlock("effect", intent.effect.map(printEffect), indent),
    printBlock("solve", intent.solve.map(printHint), indent),
    printBlock("verify", intent.verify.map(printClause), indent),
  ];
  return `${indent}${head} ${intent.name.text}(${parameters}) {\n${blocks.join("")}${indent}}`;
}

/**
 * Prints the canonical text of an expression. If its precedence is below `floor`, it is put in
 * brackets.
 */
export function printExpression(expression: Expression, floor = 0): string {
  return expression.type === "field" || expression.type === "supply"
    ? printPlace(expression)
    : printShared(expression, printExpression, floor);
}

/** Prints `account.field`, `account.field[asset]` or `supply[asset]`. */
export function printPlace(place: Field | SupplyOf): string {
  if (place.type === "supply") return `supply[${place.asset.text}]`;
  const asset = place.asset === undefined ? "" : `[${place.asset.text}]`;
  return `${place.account.text}.${place.field.text}${asset}`;
}

/** Prints the declarations of assets, in the given order. */
export function printAssets(assets: readonly Pick<DeclaredAsset, "name" | "issuer">[]): string {
  return assets.map(({ name, issuer }) => `asset ${name} issuer "${issuer}";\n`).join("");
}

/** Prints the canonical text of a batch. The members keep their order. */
export function printBatch(name: string, intents: readonly Intent[], indent = ""): string {
  const members = intents.map((intent) => printIntent(intent, `${indent}  `));
  return `${indent}atomic_batch ${name} {\n${members.join("\n\n")}\n${indent}}`;
}

function printItem(item: Item, indent: string): string {
  switch (item.type) {
    case "constant":
      return `${indent}const ${item.name.text} = ${printExpression(item.value)};`;
    case "asset":
      return `${indent}asset ${item.name.text} issuer "${item.issuer.text}";`;
    case "intent":
      return printIntent(item, indent);
    case "batch":
      return printBatch(item.name.text, item.intents, indent);
    case "contract":
      return printContract(item);
  }
}

function printClause(clause: Clause): string {
  if (clause.type === "let") return printLet(clause);
  const text = printExpression(clause.expression);
  if (!clause.secret) return `${text};`;
  // `secret -x` would be a difference of two names.
  return text.startsWith("-") ? `secret (${text});` : `secret ${text};`;
}

function printEffect(statement: Let | Assignment): string {
  if (statement.type === "let") return printLet(statement);
  return `${printPlace(statement.target)} ${statement.operator} ${printExpression(statement.value)};`;
}

function printLet(statement: Let): string {
  return `let ${statement.name.text} = ${printExpression(statement.value)};`;
}

function printHint(hint: Hint): string {
  const value = hint.value.type === "text" ? `"${hint.value.text}"` : hint.value.text;
  return `${hint.key.text}: ${value};`;
}
