import { printSexp, readSexps, type Sexp } from "./sexp.ts";

/** A script in the form that rewriting needs: what it declares and defines, and what it asserts. */
export interface Script {
  /** Commands before the assertions, in order, without `set-logic` and the like. */
  readonly declarations: readonly Sexp[];
  readonly assertions: readonly Sexp[];
}

/** A constant that a script declares. */
export interface DeclaredConstant {
  readonly name: string;
  readonly sort: Sexp;
}

/** Form of a text; `undefined` when it has commands that are not of one plain claim. */
export function parseScript(text: string): Script | undefined {
  const declarations: Sexp[] = [];
  const assertions: Sexp[] = [];
  for (const command of readSexps(text)) {
    if (typeof command === "string") return undefined;
    const [name, operand] = command;
    if (typeof name !== "string") return undefined;
    if (name === "assert" && operand !== undefined) assertions.push(operand);
    else if (/^(declare|define)-/.test(name)) declarations.push(command);
    else if (!/^(set-logic|set-info|set-option|check-sat|exit|get-)/.test(name)) return undefined;
  }
  return { declarations, assertions };
}

/** Text of a script, as a claim that the Judge takes. */
export function printScript(script: Script): string {
  const assertions = script.assertions.map((assertion): Sexp => ["assert", assertion]);
  return [...script.declarations, ...assertions, ["check-sat"]].map(printSexp).join("\n");
}

/** Constants that a script declares; functions with parameters are not among them. */
export function constantsOf(script: Script): readonly DeclaredConstant[] {
  return script.declarations.flatMap((command) => {
    if (typeof command === "string") return [];
    const [kind, name, ...rest] = command;
    const sort = rest.at(-1);
    if (typeof name !== "string" || sort === undefined) return [];
    if (kind === "declare-const") return [{ name, sort }];
    const parameters = rest[0];
    return kind === "declare-fun" && typeof parameters !== "string" && parameters?.length === 0
      ? [{ name, sort }]
      : [];
  });
}

/** A name that occurs nowhere in a script. */
export function freshName(script: Script, stem: string): string {
  const text = printScript(script);
  for (let count = 0; ; count++) {
    const name = `${stem}${count}`;
    if (!text.includes(name)) return name;
  }
}

/** The script with declarations and assertions added behind its own. */
export function extended(script: Script, more: Partial<Script>): Script {
  return {
    declarations: [...script.declarations, ...(more.declarations ?? [])],
    assertions: [...script.assertions, ...(more.assertions ?? [])],
  };
}
