/** Writes a line to standard output, which is reserved for the answer of a command. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line to standard error: progress, warnings, errors. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
