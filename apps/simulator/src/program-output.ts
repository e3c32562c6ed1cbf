/** Where a command's lines go, and who is told its exit code. */
export interface ProgramOutput {
  readonly write: (line: string) => void;
  readonly finish: (exitCode: number) => void;
}
