import { extensionNames, indexedNames, standardNames } from "./builtin-names.ts";
import { type Atom, type List, type Node, ScreenError } from "./s-expression.ts";

/** What printing needs to know about the script that a term stands in. */
export interface Names {
  /**
   * Writes each numeral 1 as a difference. In what Z3 then builds, a conditional whose branch is
   * the numeral 1 can only be its own: a truth value taken for a number (see `sort-coercion.ts`).
   */
  readonly probe: boolean;
  /** Names that the script declares, defines or binds: never read as Z3's own. */
  readonly owned: ReadonlySet<string>;
  readonly constructors: ReadonlySet<string>;
  /** Names of several functions: only their arguments tell which is meant. */
  readonly overloaded: ReadonlySet<string>;
}

/** Bounds on what a term may contain. */
export interface TextLimits {
  readonly symbolLength: number;
  readonly numeralDigits: number;
  readonly bitWidth: number;
  readonly index: number;
}

/**
 * Prints a term or sort as Z3 will read it, from our reading and not from the submitter's bytes.
 *
 * Every name of the script gets an apostrophe, which no name of Z3 contains: so none can be
 * mistaken for, or replace, something that Z3 knows (such as `cos`, or `>=`).
 *
 * @throws ScreenError for what SMT-LIB does not allow there, or beyond a limit.
 */
export function printNode(root: Node, names: Names, limits: TextLimits): string {
  const parts: string[] = [];
  const stack: (Node | string)[] = [root];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === "string") parts.push(next);
    else if (next.type === "list") pushList(next);
    else parts.push(printAtom(next, names, limits));
  }
  return parts.join(" ");

  function pushList(list: List): void {
    const head = list.items[0];
    const name = head?.type === "symbol" ? head.text : undefined;
    if (name === "lambda") throw new ScreenError("shape", "lambda is not supported", list.at);
    if (name === "_" || name === "as") checkUnique(list, names);
    if (name === "match" && names.overloaded.size > 0) {
      throw new ScreenError("name", "match where names are overloaded", list.at);
    }
    if (name === "_") checkIndexed(list, limits);
    if (name === "let" || name === "forall" || name === "exists") checkBinder(list, names);
    if (name === "!") {
      const kept = keptAttributes(list);
      if (kept.length === 0) {
        const [, term] = list.items;
        if (term === undefined) throw new ScreenError("shape", "`!` without a term", list.at);
        stack.push(term);
        return;
      }
      stack.push(")", ...kept.toReversed(), list.items[1] ?? "", "!", "(");
      return;
    }
    const items = name === "_" ? indexedItems(list, names, limits) : list.items;
    stack.push(")", ...items.toReversed(), "(");
  }
}

/** A name of the script, as Z3 will know it. */
export function printOwned(text: string, at: number, limits: TextLimits): string {
  if (text.length > limits.symbolLength) {
    throw new ScreenError("name", `a symbol of ${text.length} characters`, at);
  }
  if (!/^[\t\n\r\x20-\x7e]*$/.test(text)) {
    throw new ScreenError("name", "a symbol with characters outside ASCII", at);
  }
  return `|${text}'|`;
}

/** The script's own names in something that Z3 printed. */
export function readOwned(text: string): string {
  return text.replaceAll(/\|([^|]*)'\|/g, "$1").replaceAll(/([^\s()|']+)'/g, "$1");
}

/** Names that the terms of a script bind, wherever. */
export function boundNames(root: Node, add: (atom: Atom) => void): void {
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type !== "list") continue;
    stack.push(...node.items);
    const head = node.items[0];
    if (head?.type !== "symbol") continue;
    const binders = node.items[head.text === "match" ? 2 : 1];
    if (!["let", "forall", "exists", "match"].includes(head.text)) continue;
    if (binders?.type !== "list") continue;
    for (const binder of binders.items) {
      const bound = binder.type === "list" ? binder.items[0] : undefined;
      const atoms = bound?.type === "list" ? bound.items : [bound];
      for (const atom of atoms) if (atom?.type === "symbol" || atom?.type === "quoted") add(atom);
    }
  }
}

function printAtom(atom: Atom, names: Names, limits: TextLimits): string {
  switch (atom.type) {
    case "symbol":
    case "quoted":
      return printSymbol(atom, names, limits);
    case "keyword":
      throw new ScreenError("shape", `${atom.text} outside \`!\``, atom.at);
    case "numeral":
    case "decimal":
      if (atom.text.length > limits.numeralDigits) {
        throw new ScreenError("numeral", `a numeral of ${atom.text.length} digits`, atom.at);
      }
      if (names.probe && /^0*1(\.0+)?$/.test(atom.text)) {
        return atom.type === "numeral" ? "( - 2 1 )" : "( - 2.0 1.0 )";
      }
      return atom.text.replace(/^0+(?=[0-9])/, "");
    case "bits":
      if ((atom.text.length - 2) * (atom.text.startsWith("#x") ? 4 : 1) > limits.bitWidth) {
        throw new ScreenError("index", "a bit vector literal too wide", atom.at);
      }
      return atom.text;
    case "string":
      if (!/^[\x20-\x7e]*$/.test(atom.text)) {
        throw new ScreenError("character", "a string with characters outside ASCII", atom.at);
      }
      return `"${atom.text.replaceAll('"', '""')}"`;
  }
}

function printSymbol(atom: Atom, names: Names, limits: TextLimits): string {
  const { text, at } = atom;
  if (standardNames.has(text)) {
    const reserved = atom.type === "quoted" && reservedWords.has(text);
    if (reserved) throw new ScreenError("name", `a reserved word in bars: ${text}`, at);
    return text;
  }
  if (!names.owned.has(text)) {
    if (extensionNames.has(text)) return text;
    // The old way to write a tester, which Z3 derives from the constructor.
    if (text.startsWith("is-") && names.constructors.has(text.slice(3))) {
      if (names.overloaded.has(text.slice(3))) {
        throw new ScreenError("name", `${text.slice(3)} is overloaded`, at);
      }
      return `( _ is ${printOwned(text.slice(3), at, limits)} )`;
    }
  }
  // Not SMT-LIB, but what tools mean by it is plain.
  const negative = atom.type === "symbol" && /^-([0-9]+(\.[0-9]+)?)$/.exec(text)?.[1];
  if (negative && !names.owned.has(text)) {
    return `( - ${printAtom({ type: "decimal", text: negative, at }, names, limits)} )`;
  }
  return printOwned(text, at, limits);
}

const reservedWords = new Set([
  "let",
  "forall",
  "exists",
  "match",
  "par",
  "!",
  "_",
  "as",
  "lambda",
]);

function checkBinder(list: List, names: Names): void {
  const binders = list.items[1];
  if (list.items.length !== 3 || binders?.type !== "list" || binders.items.length === 0) {
    throw new ScreenError("shape", "a binder needs names and one body", list.at);
  }
  for (const binder of binders.items) {
    const name = binder.type === "list" ? binder.items[0] : undefined;
    const pair = binder.type === "list" && binder.items.length === 2;
    if (!pair || name === undefined || name.type === "list") {
      throw new ScreenError("shape", "a binder needs pairs", binder.at);
    }
    if (!names.owned.has(name.text)) {
      throw new ScreenError("redefinition", `${name.text} cannot be bound`, name.at);
    }
  }
}

/** Attributes that guide the search or name a term. The others say nothing and are dropped. */
function keptAttributes(list: List): readonly (Node | string)[] {
  const kept: (Node | string)[] = [];
  for (let at = 2; at < list.items.length; at++) {
    const keyword = list.items[at];
    if (keyword?.type !== "keyword") {
      throw new ScreenError("shape", "`!` takes keywords after the term", keyword?.at ?? list.at);
    }
    const value = list.items[at + 1];
    const hasValue = value !== undefined && value.type !== "keyword";
    if (hasValue) at++;
    const pattern = keyword.text === ":pattern" || keyword.text === ":no-pattern";
    if (hasValue && pattern && (value.type === "list" || keyword.text === ":no-pattern")) {
      kept.push(keyword.text, value);
    } else if (keyword.text === ":named" && value?.type.match(/symbol|quoted/)) {
      kept.push(keyword.text, value);
    } else if (keyword.text === ":weight" && value?.type === "numeral") {
      kept.push(keyword.text, value.text);
    }
  }
  return kept;
}

/** What is indexed or has a sort written to it has no arguments that would tell which is meant. */
function checkUnique(list: List, names: Names): void {
  for (const item of list.items.slice(1)) {
    if (item.type === "list" || !names.overloaded.has(item.text)) continue;
    throw new ScreenError("name", `${item.text} is overloaded`, item.at);
  }
}

function checkIndexed(list: List, limits: TextLimits): void {
  const [, name, ...indices] = list.items;
  const isName = name?.type === "symbol" && (indexedNames.has(name.text) || isBitValue(name.text));
  if (!isName || indices.length === 0) {
    const text = name?.type === "symbol" ? name.text : "";
    throw new ScreenError("name", `unknown indexed name: (_ ${text} ...)`, list.at);
  }
  for (const index of indices) {
    if (index.type === "list") throw new ScreenError("index", "an index is one token", index.at);
    const wide = name.text === "BitVec" || isBitValue(name.text);
    const most = wide ? limits.bitWidth : limits.index;
    if (index.type === "numeral" && !(index.text.length < 10 && Number(index.text) <= most)) {
      throw new ScreenError("index", `index ${index.text.slice(0, 20)} above ${most}`, index.at);
    }
  }
  if (name.text.length > limits.numeralDigits) {
    throw new ScreenError("numeral", "a bit vector value with too many digits", name.at);
  }
}

/** The head of an indexed name stands as it is; an index that is a name may be the script's. */
function indexedItems(list: List, names: Names, limits: TextLimits): readonly (Node | string)[] {
  const [underscore, name, ...indices] = list.items;
  if (underscore === undefined || name === undefined || name.type === "list") return list.items;
  const printed = indices.map((index) =>
    index.type === "list" ? "" : printAtom(index, { ...names, probe: false }, limits),
  );
  return [underscore, name.text, ...printed];
}

function isBitValue(name: string): boolean {
  return /^bv[0-9]+$/.test(name);
}
