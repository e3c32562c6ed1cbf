import { Ansis } from "ansis";

/** Colours for a stream; none when it is no terminal, unless FORCE_COLOR is set, or NO_COLOR is. */
export function coloursOf(stream: Pick<NodeJS.WriteStream, "isTTY">): Ansis {
  return stream.isTTY || process.env["FORCE_COLOR"] !== undefined ? new Ansis() : new Ansis(0);
}
