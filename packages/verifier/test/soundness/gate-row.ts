/** Result of one check of the gate. */
export interface GateRow {
  readonly name: string;
  readonly verdict: "passed" | "failed" | "skipped";
  /** Counts, in one line. */
  readonly counts: string;
  /** Failures, and what is worth a look: whole scripts where there are any. */
  readonly findings: readonly string[];
}

/** Settings of a run, as each check gets them. */
export interface Gate {
  /** Folder of a candidate; `undefined`: the installed Z3. */
  readonly folder: string | undefined;
  readonly minutes: number;
  readonly seed: number;
}

/** The table, and below it the findings of each row. */
export function renderGate(rows: readonly GateRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const table = rows.map(
    ({ name, verdict, counts }) => `${name.padEnd(width)}  ${verdict.padEnd(7)}  ${counts}`,
  );
  const findings = rows
    .filter((row) => row.findings.length > 0)
    .map((row) => `\n${row.name}:\n${row.findings.map((finding) => `- ${finding}`).join("\n")}`);
  return [...table, ...findings].join("\n");
}
