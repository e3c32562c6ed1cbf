import { coloursOf } from "@aethel/terminal";

/** A text with what held in green and what was violated in red, for that stream. */
export function paint(text: string, stream: NodeJS.WriteStream): string {
  const colours = coloursOf(stream);
  return text
    .replace(/^No violation\b/m, (found) => colours.green(found))
    .replace(/\bVIOLATION of [a-z-]+/, (found) => colours.red(found));
}
