import { Ansis } from "ansis";

const isForced = process.env["FORCE_COLOR"] !== undefined;

/** Colours for standard output: none when it is not a terminal, or NO_COLOR is set. */
export const colour: Ansis = process.stdout.isTTY || isForced ? new Ansis() : new Ansis(0);

/** A verdict or outcome, or another text about it, in the colour of what it means. */
export function paintVerdict(verdict: string, text: string = verdict): string {
  switch (verdict.trimEnd()) {
    case "valid":
    case "applied":
      return colour.green(text);
    case "refuted":
    case "rejected":
    case "forbidden":
      return colour.red(text);
    case "unknown":
    case "guard-false":
    case "abstained":
      return colour.yellow(text);
    default:
      return text;
  }
}
