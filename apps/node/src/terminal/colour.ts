import { coloursOf } from "@aethel/terminal";

/** Colours for standard output. */
export const colour: ReturnType<typeof coloursOf> = coloursOf(process.stdout);

/**
 * Colours `text` by the meaning of a verdict or outcome. Default for `text`: the verdict itself.
 */
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
