import { Ansis } from "ansis";

const plain = new Ansis(0);

/** None when the stream is not a terminal, or NO_COLOR is set. */
function coloursOf(stream: NodeJS.WriteStream): Ansis {
  return stream.isTTY || process.env["FORCE_COLOR"] !== undefined ? new Ansis() : plain;
}

/** What held is green and what was violated is red, on that stream. */
export function paint(text: string, stream: NodeJS.WriteStream): string {
  const colours = coloursOf(stream);
  return text
    .replace(/^No violation\b/m, (found) => colours.green(found))
    .replace(/\bVIOLATION of [a-z-]+/, (found) => colours.red(found));
}
