import { coloursOf } from "@aethel/terminal";

/** Colours a text for a stream: `No violation` green, `VIOLATION of` a checker red. */
export function paint(text: string, stream: NodeJS.WriteStream): string {
  const colours = coloursOf(stream);
  return text
    .replace(/^No violation\b/m, (found) => colours.green(found))
    .replace(/\bVIOLATION of [a-z-]+/, (found) => colours.red(found));
}
