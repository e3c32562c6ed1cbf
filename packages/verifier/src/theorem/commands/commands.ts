import { requireTruth } from "../elaborate/require-truth.ts";
import { elaborateTerm } from "../elaborate/term.ts";
import type { Environment } from "../environment/environment.ts";
import type { Typed } from "../environment/machine.ts";
import { SortTooLarge } from "../sorts/sort-table.ts";
import { type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { arity, child, symbolAt } from "../syntax/shape.ts";
import { readDatatype, readDatatypes } from "./datatype-form.ts";
import { declareDatatypes } from "./declare-datatypes.ts";
import {
  declareConstant,
  declareFunction,
  declareSort,
  defineConstant,
  defineFunction,
  defineSort,
} from "./define.ts";
import {
  idleCommands,
  isHarmlessOption,
  isKnownLogic,
  isRealLogic,
  trailingCommands,
} from "./tolerated.ts";

/** Script as one claim: its assertions cannot all hold together. */
export interface TypedScript {
  readonly assertions: readonly Typed[];
  /** Remarks for the author on parts of the script that were dropped. */
  readonly notes: readonly string[];
}

/**
 * State of reading a script (modes of SMT-LIB 2.6, section 4.1.1). `start`: a logic may still be
 * set. `assert`: a declaration or assertion was read. `checked`: `check-sat` was read, so only
 * questions about its answer may follow.
 */
interface Progress {
  mode: "start" | "assert" | "checked";
  logic: boolean;
  readonly assertions: Typed[];
  readonly notes: Set<string>;
}

/**
 * Reads the commands of a script in order.
 *
 * @throws ScreenError for a command that cannot be part of one claim, or that is in the wrong
 * place.
 */
export function readCommands(environment: Environment, commands: readonly Node[]): TypedScript {
  const progress: Progress = { mode: "start", logic: false, assertions: [], notes: new Set() };
  for (const node of commands) {
    environment.place = node.at;
    try {
      readCommand(environment, progress, node);
    } catch (error) {
      if (!(error instanceof SortTooLarge)) throw error;
      throw new ScreenError("expansion", "a sort is too large when it is written out", node.at);
    }
  }
  if (progress.mode !== "checked") {
    throw new ScreenError("check-sat", "the script does not end with (check-sat)", 0);
  }
  return { assertions: progress.assertions, notes: [...progress.notes] };
}

function readCommand(environment: Environment, progress: Progress, node: Node): void {
  const { name, command } = commandOf(node);
  if (progress.mode === "checked") {
    if (!trailingCommands.has(name)) {
      throw new ScreenError("check-sat", `${name} must not follow check-sat`, node.at);
    }
    progress.notes.add(`${name} after check-sat was dropped`);
    return;
  }
  switch (name) {
    case "set-info":
      return;
    case "set-option":
      return setOption(progress, command);
    case "set-logic":
      return setLogic(environment, progress, command);
    case "check-sat":
      arity(command, 1);
      progress.mode = "checked";
      return;
    case "check-sat-using":
      // A tactic is advice for the search, not part of the claim.
      arity(command, 2);
      progress.notes.add("the tactic of check-sat-using was dropped");
      progress.mode = "checked";
      return;
    default:
  }
  if (idleCommands.has(name)) {
    progress.notes.add(`${name} was dropped: it asserts nothing`);
    return;
  }
  progress.mode = "assert";
  readStatement(environment, progress, name, command);
}

function readStatement(
  environment: Environment,
  progress: Progress,
  name: string,
  command: List,
): void {
  switch (name) {
    case "assert":
      return assertTerm(environment, progress, command);
    case "declare-sort":
      return declareSort(environment, command);
    case "define-sort":
      return defineSort(environment, command);
    case "declare-const":
      return declareConstant(environment, command);
    case "declare-fun":
      return declareFunction(environment, command);
    case "define-const":
      return defineConstant(environment, command);
    case "define-fun":
      return defineFunction(environment, command);
    case "declare-datatype":
      return declareDatatypes(environment, readDatatype(command), command.at);
    case "declare-datatypes":
      return declareDatatypes(environment, readDatatypes(command), command.at);
    default:
      throw new ScreenError(
        "command",
        `the command ${name} is not supported: a script is one claim`,
        command.at,
      );
  }
}

function commandOf(node: Node): { readonly name: string; readonly command: List } {
  const head = node.type === "list" ? node.items[0] : undefined;
  if (node.type !== "list" || head?.type !== "symbol") {
    throw new ScreenError("command", "expected a command in parentheses", node.at);
  }
  return { name: head.text, command: node };
}

function assertTerm(environment: Environment, progress: Progress, command: List): void {
  arity(command, 2);
  const node = child(command, 1);
  const term = elaborateTerm(environment, node);
  requireTruth("assert", { term, at: node.at });
  progress.assertions.push({ term, at: node.at });
}

function setLogic(environment: Environment, progress: Progress, command: List): void {
  arity(command, 2);
  const logic = symbolAt(command, 1);
  if (!isKnownLogic(logic.text)) {
    throw new ScreenError("logic", `the logic ${logic.text} is unknown`, logic.at);
  }
  if (progress.logic) throw new ScreenError("logic", "set-logic occurs twice", command.at);
  if (progress.mode !== "start") {
    throw new ScreenError(
      "logic",
      "set-logic must precede declarations and assertions",
      command.at,
    );
  }
  progress.logic = true;
  environment.numeralsAreReal = isRealLogic(logic.text);
  const use = environment.numeralsAreReal ? "its numerals are of sort Real" : "it decides nothing";
  progress.notes.add(`logic ${logic.text}: ${use}`);
}

function setOption(progress: Progress, command: List): void {
  const option = command.items[1];
  if (option?.type !== "keyword" || !isHarmlessOption(option.text)) {
    const text = option?.type === "keyword" ? option.text : "this";
    throw new ScreenError("option", `option ${text} is refused`, command.at);
  }
  progress.notes.add(`option ${option.text} was dropped`);
}
