import { Ansis } from "ansis";

/**
 * Returns the colours for a stream. There are none if it is not a terminal and FORCE_COLOR is not
 * set, or if NO_COLOR is set.
 */
export function coloursOf(stream: Pick<NodeJS.WriteStream, "isTTY">): Ansis {
  return stream.isTTY || process.env["FORCE_COLOR"] !== undefined ? new Ansis() : new Ansis(0);
}
