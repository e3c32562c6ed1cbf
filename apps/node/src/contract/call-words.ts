import { failure } from "../failure/failure.ts";

/** Argument of a call as it was written: its name, and its value as text. */
export interface GivenArgument {
  readonly name: string;
  /** Undefined for a name that stands alone, which means `true`. */
  readonly text: string | undefined;
}

/** Call as it was written: its target, such as `escrow.release`, and its arguments by name. */
export interface GivenCall {
  readonly target: string;
  readonly given: readonly GivenArgument[];
}

const NAME = "[A-Za-z_][A-Za-z0-9_.]*";
const OPTION = new RegExp(`^--(${NAME})(?:=(.*))?$`, "s");
const PAIR = new RegExp(`^(${NAME})=(.*)$`, "s");

/**
 * Reads a call from words: a target and arguments, each as `--name value`, `--name=value` or
 * `name=value`. The words may be in any order.
 * @throws NodeError `USAGE` for a missing or second target, or an argument that is given twice.
 */
export function readCallWords(words: readonly string[]): GivenCall {
  const given: GivenArgument[] = [];
  const targets: string[] = [];
  const rest = words[Symbol.iterator]();
  let pending: string | undefined;
  for (const word of rest) {
    const [, option, inline] = OPTION.exec(word) ?? [];
    if (option === undefined && pending !== undefined) {
      given.push({ name: pending, text: word });
      pending = undefined;
      continue;
    }
    if (pending !== undefined) given.push({ name: pending, text: undefined });
    pending = inline === undefined ? option : undefined;
    if (option !== undefined) {
      if (inline !== undefined) given.push({ name: option, text: inline });
      continue;
    }
    const [, name, text] = PAIR.exec(word) ?? [];
    if (name !== undefined) given.push({ name, text });
    else targets.push(word);
  }
  if (pending !== undefined) given.push({ name: pending, text: undefined });
  return { target: onlyTarget(targets), given: onceEach(given) };
}

function onlyTarget(targets: readonly string[]): string {
  const [target, second] = targets;
  if (target === undefined) {
    throw failure(
      "USAGE",
      "no intent is named",
      "name one: aethel call CONTRACT.INTENT --NAME VALUE",
    );
  }
  if (second === undefined) return target;
  const next = "give each argument with its name, as --NAME VALUE or NAME=VALUE";
  throw failure("USAGE", `\`${second}\` stands beside \`${target}\` without a name`, next);
}

function onceEach(given: readonly GivenArgument[]): readonly GivenArgument[] {
  const names = new Set<string>();
  for (const { name } of given) {
    if (names.has(name)) {
      throw failure("USAGE", `the argument \`${name}\` is given twice`, "give it once");
    }
    names.add(name);
  }
  return given;
}
