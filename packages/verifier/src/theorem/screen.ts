import {
  BIT_WIDTH_MAX,
  DECLARATIONS_MAX,
  DISTINCT_MAX,
  EXPANSION_MAX,
  GROWTH_MAX,
  INDEX_MAX,
  NUMERAL_DIGITS_MAX,
  SCRIPT_BYTES_MAX,
  SCRIPT_DEPTH_MAX,
  SCRIPT_NODES_MAX,
  SYMBOL_LENGTH_MAX,
} from "../judge/limits.ts";
import { standardNames } from "./builtin-names.ts";
import { boundNames, type Names, printNode, printOwned } from "./canonical-text.ts";
import { type Datatypes, datatypesOf } from "./datatypes.ts";
import { type Growth, type Macro, measureTerm, sortGrowth } from "./growth.ts";
import { createOverloads, type Domain, type Overloads } from "./overloads.ts";
import {
  type Atom,
  type List,
  type Node,
  readScript,
  ScreenError,
  type ScreenFault,
} from "./s-expression.ts";
import { arity, asList, asSymbol, child, listAt, symbolAt, textOf } from "./shape.ts";
import { idleCommands, isHarmlessOption, isKnownLogic, trailingCommands } from "./tolerated.ts";

/** A script that is one plain claim, or why it is not. */
export type Screening =
  | {
      readonly type: "accepted";
      /** Declarations and assertions in our own printing: all that Z3 gets to see. */
      readonly script: string;
      /** What was dropped, in words. */
      readonly notes: readonly string[];
    }
  | { readonly type: "refused"; readonly fault: ScreenFault };

const textLimits = {
  symbolLength: SYMBOL_LENGTH_MAX,
  numeralDigits: NUMERAL_DIGITS_MAX,
  bitWidth: BIT_WIDTH_MAX,
  index: INDEX_MAX,
};
const growthLimits = { words: GROWTH_MAX, nodes: EXPANSION_MAX, distinct: DISTINCT_MAX };
const readLimits = {
  depth: SCRIPT_DEPTH_MAX,
  nodes: SCRIPT_NODES_MAX,
  symbolLength: SYMBOL_LENGTH_MAX,
};

/**
 * Decides whether an SMT-LIB script is a single claim in plain form, before Z3 sees anything of
 * it. Total: any bytes give an answer.
 */
export function screenScript(bytes: Uint8Array): Screening {
  return screenInForm(bytes, { probe: false });
}

/** The form in which a coercion shows: same claim, other text. For `sort-coercion.ts`. */
export function probeScript(bytes: Uint8Array): Screening {
  return screenInForm(bytes, { probe: true });
}

function screenInForm(bytes: Uint8Array, form: { readonly probe: boolean }): Screening {
  try {
    if (bytes.length > SCRIPT_BYTES_MAX) {
      throw new ScreenError("too-large", `${bytes.length} bytes, at most ${SCRIPT_BYTES_MAX}`, 0);
    }
    return screenCommands(readScript(bytes, readLimits), form.probe);
  } catch (error) {
    if (error instanceof ScreenError) return { type: "refused", fault: error.fault };
    throw error;
  }
}

interface State extends Names {
  readonly owned: Set<string>;
  readonly overloads: Overloads;
  readonly sorts: Set<string>;
  readonly constructors: Set<string>;
  readonly known: Map<string, Growth>;
  readonly macros: Map<string, Macro>;
  functions: number;
  readonly output: string[];
  readonly notes: Set<string>;
  expanded: number;
}

function screenCommands(commands: readonly Node[], probe: boolean): Screening {
  const overloads = createOverloads();
  const state: State = {
    probe,
    owned: new Set(),
    overloads,
    overloaded: overloads.names,
    functions: 0,
    sorts: new Set(),
    constructors: new Set(),
    known: new Map(),
    macros: new Map(),
    output: [],
    notes: new Set(),
    expanded: 0,
  };
  let checked = false;
  for (const node of commands) {
    const { name, command } = commandOf(node);
    if (checked) {
      if (!trailingCommands.has(name)) {
        throw new ScreenError("check-sat", `${name} after check-sat`, node.at);
      }
      state.notes.add(`${name} after check-sat was dropped`);
    } else if (name === "check-sat") {
      arity(command, 1);
      checked = true;
    } else if (name === "check-sat-using") {
      // A tactic is a wish about the search, not part of the claim.
      arity(command, 2);
      state.notes.add("the tactic of check-sat-using was dropped");
      checked = true;
    } else if (idleCommands.has(name)) {
      state.notes.add(`${name} was dropped: it asserts nothing`);
    } else {
      screenCommand(state, name, command);
    }
  }
  if (!checked) throw new ScreenError("check-sat", "no check-sat at the end", 0);
  return { type: "accepted", script: state.output.join("\n"), notes: [...state.notes] };
}

function commandOf(node: Node): { readonly name: string; readonly command: List } {
  const head = node.type === "list" ? node.items[0] : undefined;
  if (node.type !== "list" || head?.type !== "symbol") {
    throw new ScreenError("command", "a script is a sequence of commands", node.at);
  }
  return { name: head.text, command: node };
}

function screenCommand(state: State, name: string, command: List): void {
  switch (name) {
    case "set-info":
      return;
    case "set-logic":
      return setLogic(state, command);
    case "set-option":
      return setOption(state, command);
    case "assert":
      arity(command, 2);
      return assertTerm(state, child(command, 1));
    case "declare-sort":
      return declareSort(state, command);
    case "define-sort":
      return defineSort(state, command);
    case "declare-const":
      arity(command, 3);
      return declareFunction(state, symbolAt(command, 1), {
        arguments: [],
        result: child(command, 2),
      });
    case "declare-fun":
      arity(command, 4);
      return declareFunction(state, symbolAt(command, 1), {
        arguments: listAt(command, 2).items,
        result: child(command, 3),
      });
    case "define-const":
      arity(command, 4);
      return defineFunction(state, command, { parameters: [], sort: 2, body: 3 });
    case "define-fun":
      arity(command, 5);
      return defineFunction(state, command, {
        parameters: listAt(command, 2).items,
        sort: 3,
        body: 4,
      });
    case "declare-datatype":
      arity(command, 3);
      return declareDatatypes(state, {
        sorts: [symbolAt(command, 1)],
        arities: ["0"],
        bodies: [listAt(command, 2)],
      });
    case "declare-datatypes":
      return declareDatatypes(state, datatypesOf(command));
    default:
      throw new ScreenError("command", `${name} is not part of a claim`, command.at);
  }
}

function setLogic(state: State, command: List): void {
  arity(command, 2);
  const logic = symbolAt(command, 1);
  if (!isKnownLogic(logic.text)) {
    throw new ScreenError("logic", `unknown logic ${logic.text}`, logic.at);
  }
  state.notes.add(`logic ${logic.text} was checked by name and is not used`);
}

function setOption(state: State, command: List): void {
  const option = command.items[1];
  if (option?.type !== "keyword" || !isHarmlessOption(option.text)) {
    const text = option?.type === "keyword" ? option.text : "this";
    throw new ScreenError("option", `option ${text} is refused`, command.at);
  }
  state.notes.add(`option ${option.text} was dropped`);
}

function assertTerm(state: State, term: Node): void {
  own(state, term);
  const text = printNode(term, state, textLimits);
  spend(state, measure(state, term, []).nodes, term.at);
  state.output.push(`(assert ${text})`);
}

function declareSort(state: State, command: List): void {
  if (command.items.length !== 2) arity(command, 3);
  const name = symbolAt(command, 1);
  const parameters = command.items[2];
  if (parameters !== undefined && !/^[0-9]{1,2}$/.test(textOf(parameters))) {
    throw new ScreenError("shape", "the arity of a sort is a small numeral", command.at);
  }
  declareSortName(state, name);
  const count = parameters === undefined ? "0" : String(Number(textOf(parameters)));
  const printed = printOwned(name.text, name.at, textLimits);
  if (count === "0") state.overloads.addSort(printed);
  state.output.push(`(declare-sort ${printed} ${count})`);
}

function defineSort(state: State, command: List): void {
  arity(command, 4);
  const name = symbolAt(command, 1);
  const parameters = listAt(command, 2);
  for (const parameter of parameters.items) ownAtom(state, parameter);
  // Printed before it is declared, so it cannot speak of itself.
  const text = printNode(child(command, 3), state, textLimits);
  const list = printNode(parameters, state, textLimits);
  declareSortName(state, name);
  if (state.overloads.names.size > 0) {
    throw new ScreenError("redefinition", "define-sort where names are overloaded", name.at);
  }
  state.overloads.addAlias();
  state.output.push(`(define-sort ${printOwned(name.text, name.at, textLimits)} ${list} ${text})`);
}

function declareFunction(
  state: State,
  name: Atom,
  signature: { readonly arguments: readonly Node[]; readonly result: Node },
): void {
  const sorts = signature.arguments.map((sort) => printNode(sort, state, textLimits));
  const result = printNode(signature.result, state, textLimits);
  declareName(state, name, sorts);
  const growth = sortGrowth(signature.result);
  const words = Math.max(growth.words, state.known.get(name.text)?.words ?? 0);
  state.known.set(name.text, { ...growth, words });
  const printed = printOwned(name.text, name.at, textLimits);
  state.output.push(`(declare-fun ${printed} (${sorts.join(" ")}) ${result})`);
}

function defineFunction(
  state: State,
  command: List,
  shape: { readonly parameters: readonly Node[]; readonly sort: number; readonly body: number },
): void {
  const name = symbolAt(command, 1);
  const body = child(command, shape.body);
  const parameters = shape.parameters.map((parameter) => {
    const symbol = parameter.type === "list" && parameter.items.length === 2 && parameter.items[0];
    if (!symbol) throw new ScreenError("shape", "a parameter is a name and a sort", parameter.at);
    return ownAtom(state, symbol);
  });
  own(state, body);
  const list = shape.parameters.map((parameter) => printNode(parameter, state, textLimits));
  const sort = printNode(child(command, shape.sort), state, textLimits);
  const text = printNode(body, state, textLimits);
  const growth = measure(state, body, parameters);
  spend(state, growth.nodes, command.at);
  declareName(state, name, undefined);
  state.macros.set(name.text, { parameters, growth });
  const printed = printOwned(name.text, name.at, textLimits);
  state.output.push(`(define-fun ${printed} (${list.join(" ")}) ${sort} ${text})`);
}

function declareDatatypes(state: State, datatypes: Datatypes): void {
  const heads = datatypes.sorts.map((sort, index) => {
    declareSortName(state, sort);
    const parameters = datatypes.arities[index] ?? "0";
    if (!/^[0-9]{1,2}$/.test(parameters)) {
      throw new ScreenError("shape", "the arity of a datatype is a small numeral", sort.at);
    }
    const printed = printOwned(sort.text, sort.at, textLimits);
    if (Number(parameters) === 0) state.overloads.addSort(printed);
    return { printed, parameters: Number(parameters) };
  });
  datatypes.bodies.forEach((body, index) => {
    const generic = textOf(body.items[0]) === "par";
    if (generic) for (const parameter of listAt(body, 1).items) ownAtom(state, parameter);
    const constructors = generic ? listAt(body, 2).items : body.items;
    const sort = generic ? undefined : heads[index]?.printed;
    for (const constructor of constructors) declareConstructor(state, constructor, sort);
  });
  const printed = heads.map((head) => `(${head.printed} ${head.parameters})`).join(" ");
  const bodies = datatypes.bodies.map((body) => printNode(body, state, textLimits));
  state.output.push(`(declare-datatypes (${printed}) (${bodies.join(" ")}))`);
}

/** `sort`: of what it constructs, in our printing; `undefined` for one with parameters. */
function declareConstructor(state: State, constructor: Node, sort: string | undefined): void {
  const [head, ...fields] = constructor.type === "list" ? constructor.items : [constructor];
  if (head === undefined) throw new ScreenError("shape", "an empty constructor", constructor.at);
  const selectors = fields.map(asList);
  const domain = selectors.map((selector) => printNode(child(selector, 1), state, textLimits));
  const name = asSymbol(head);
  declareName(state, name, sort === undefined ? undefined : domain);
  state.constructors.add(name.text);
  const taken = sort === undefined ? undefined : [sort];
  for (const selector of selectors) declareName(state, symbolAt(selector, 0), taken);
}

function declareSortName(state: State, name: Atom): void {
  checkNew(state, name, state.sorts.size);
  if (state.sorts.has(name.text)) {
    throw new ScreenError("redefinition", `${name.text} is declared twice`, name.at);
  }
  state.sorts.add(name.text);
}

/** `domain`: what tells it from others of the same name; `undefined` where nothing does. */
function declareName(state: State, name: Atom, domain: Domain | undefined): void {
  checkNew(state, name, state.functions++);
  if (!state.overloads.add(name.text, domain)) {
    throw new ScreenError("redefinition", `${name.text} is declared twice`, name.at);
  }
}

function checkNew(state: State, name: Atom, count: number): void {
  if (standardNames.has(name.text)) {
    throw new ScreenError("redefinition", `${name.text} belongs to SMT-LIB`, name.at);
  }
  if (count >= DECLARATIONS_MAX) {
    throw new ScreenError("too-large", `more than ${DECLARATIONS_MAX} declarations`, name.at);
  }
  state.owned.add(name.text);
}

/** Makes the names that a term binds, and those it gives with `:named`, the script's own. */
function own(state: State, term: Node): void {
  boundNames(term, (atom) => {
    if (!standardNames.has(atom.text)) state.owned.add(atom.text);
  });
}

function ownAtom(state: State, node: Node): string {
  const atom = asSymbol(node);
  if (standardNames.has(atom.text)) {
    throw new ScreenError("redefinition", `${atom.text} belongs to SMT-LIB`, atom.at);
  }
  state.owned.add(atom.text);
  return atom.text;
}

function measure(state: State, term: Node, parameters: readonly string[]): Growth {
  const { known, macros } = state;
  return measureTerm(term, { known, macros, parameters, limits: growthLimits });
}

function spend(state: State, nodes: number, at: number): void {
  state.expanded += nodes;
  if (state.expanded > EXPANSION_MAX) {
    throw new ScreenError("expansion", "macros expand to too many nodes", at);
  }
}
