import type { Command } from "commander";

/** Lets each command's complaint about its arguments name its own help. */
export function explainComplaints(program: Command): void {
  const open: Command[] = [program];
  for (let command = open.pop(); command !== undefined; command = open.pop()) {
    const help = `${pathOf(command)} --help`;
    command.configureOutput({ outputError: (text, write) => write(oneLine(text, help)) });
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

/** Commander's complaint, with its "did you mean" on a second line, as one line. */
function oneLine(complaint: string, help: string): string {
  const text = complaint
    .replace(/^error: /, "")
    .trim()
    .replaceAll("\n", " ");
  const end = /[.?)]$/.test(text) ? "" : ".";
  return `aethel: ${text}${end} Next: see \`${help}\` for commands and flags.\n`;
}
