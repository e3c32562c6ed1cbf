import type { Parameter } from "../syntax/syntax.ts";

const modifierOrder = ["signer", "external", "secret", "optional"];

/** Prints a parameter, with its modifiers in a fixed order. */
export function printParameter(parameter: Parameter): string {
  const modifiers = modifierOrder.filter((kind) =>
    parameter.modifiers.some((modifier) => modifier.kind === kind),
  );
  return [...modifiers, `${parameter.name.text}: ${parameter.typeName.text}`].join(" ");
}

/** Prints a block. An empty block means the same as no block, so it is not printed. */
export function printBlock(kind: string, statements: readonly string[], indent: string): string {
  if (statements.length === 0) return "";
  const lines = statements.map((statement) => `${indent}    ${statement}\n`).join("");
  return `${indent}  ${kind} {\n${lines}${indent}  }\n`;
}
