/** Writes one line for people or programs; what a command answers goes here and nothing else. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line beside the answer: progress, warnings, errors. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
