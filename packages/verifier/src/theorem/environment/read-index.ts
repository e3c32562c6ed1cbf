import { type Node, ScreenError } from "../syntax/s-expression.ts";

/** Reads a numeral after `_`. It must not be above `most`. */
export function readIndex(node: Node, most: number): number {
  if (node.type !== "numeral")
    throw new ScreenError("index", "an index must be a numeral", node.at);
  const digits = node.text.replace(/^0+(?=[0-9])/, "");
  if (digits.length < 10 && Number(digits) <= most) return Number(digits);
  throw new ScreenError("index", `index ${digits.slice(0, 20)} is above ${most}`, node.at);
}
