import { type Atom, type List, type Node, ScreenError } from "./s-expression.ts";

/** Requires that a list has exactly this many items, including the command's name. */
export function arity(command: List, length: number): void {
  if (command.items.length === length) return;
  throw new ScreenError("shape", `expected ${length - 1} arguments`, command.at);
}

/** Returns the item at an index. */
export function child(list: List, index: number): Node {
  const node = list.items[index];
  if (node === undefined) throw new ScreenError("shape", "an argument is missing", list.at);
  return node;
}

/** Returns the item at an index, which must be a list. */
export function listAt(list: List, index: number): List {
  return asList(child(list, index));
}

/** Returns a node, which must be a list. */
export function asList(node: Node): List {
  if (node.type === "list") return node;
  throw new ScreenError("shape", "expected a list", node.at);
}

/** Returns the item at an index, which must be a symbol. */
export function symbolAt(list: List, index: number): Atom {
  return asSymbol(child(list, index));
}

/** Returns a node, which must be a symbol, quoted or not. */
export function asSymbol(node: Node): Atom {
  if (node.type === "symbol" || node.type === "quoted") return node;
  throw new ScreenError("shape", "expected a symbol", node.at);
}

/** Returns the text of an atom, or an empty text for a list or undefined. */
export function textOf(node: Node | undefined): string {
  return node === undefined || node.type === "list" ? "" : node.text;
}
