import { onOneLine } from "@aethel/terminal";
import type { Command } from "commander";

/** Makes each command append a pointer to its own `--help` to errors about its arguments. */
export function explainComplaints(program: Command): void {
  const open: Command[] = [program];
  for (let command = open.pop(); command !== undefined; command = open.pop()) {
    const next = `Next: see \`${pathOf(command)} --help\` for commands and flags.`;
    command.configureOutput({
      outputError: (text, write) => write(onOneLine(text, { program: "aethel", next })),
    });
    open.push(...command.commands);
  }
}

function pathOf(command: Command): string {
  const names: string[] = [];
  let at: Command | null | undefined = command;
  while (at) {
    names.unshift(at.name());
    at = at.parent;
  }
  return names.join(" ");
}
