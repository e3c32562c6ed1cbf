import { spawnSync } from "node:child_process";

/** A second solver, where it is installed: Debian's cvc5. It has bugs of its own. */
export interface SecondSolver {
  readonly version: string;
  /** `undefined` when it does not read the script, or does not settle it in time. */
  readonly decide: (script: string) => "sat" | "unsat" | undefined;
}

/** cvc5 of this machine, if there is one. */
export function findSecondSolver(milliseconds = 2_000): SecondSolver | undefined {
  const found = spawnSync("cvc5", ["--version"], { encoding: "utf8" });
  if (found.status !== 0) return undefined;
  const version = found.stdout.split("\n")[0] ?? "";
  const options = ["--lang=smt2", "--strings-exp", "--fp-exp", `--tlimit=${milliseconds}`, "-q"];
  return {
    version,
    decide: (script) => {
      const input = `(set-logic ALL)${script}`;
      const timeout = 5 * milliseconds;
      const { stdout } = spawnSync("cvc5", options, { input, encoding: "utf8", timeout });
      const answer = stdout?.trim();
      return answer === "sat" || answer === "unsat" ? answer : undefined;
    },
  };
}
