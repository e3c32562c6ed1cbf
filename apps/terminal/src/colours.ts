import { Ansis } from "ansis";

/**
 * Returns the colours for a stream. There are none if NO_COLOR is set, or if the stream is not a
 * terminal and FORCE_COLOR is not set.
 */
export function coloursOf(stream: Pick<NodeJS.WriteStream, "isTTY">): Ansis {
  return stream.isTTY || process.env["FORCE_COLOR"] !== undefined ? new Ansis() : new Ansis(0);
}
