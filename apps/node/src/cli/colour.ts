import { Ansis } from "ansis";

const isForced = process.env["FORCE_COLOR"] !== undefined;

/** Colours for standard output: none when it is not a terminal, or NO_COLOR is set. */
export const colour: Ansis = process.stdout.isTTY || isForced ? new Ansis() : new Ansis(0);

/** A verdict or outcome in the colour of what it means. */
export function paintVerdict(verdict: string): string {
  switch (verdict.trimEnd()) {
    case "valid":
    case "applied":
      return colour.green(verdict);
    case "refuted":
    case "rejected":
    case "forbidden":
      return colour.red(verdict);
    case "unknown":
    case "guard-false":
    case "abstained":
      return colour.yellow(verdict);
    default:
      return verdict;
  }
}
