import pino, { type Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Layout } from "../files/layout.ts";
import { note } from "../terminal/output.ts";
import { createLineSink } from "./log-file.ts";

/** File descriptor of standard error. */
const STDERR = 2;

/**
 * Creates a node's log: JSON lines in a file of its directory or on standard error. The log
 * contains no secrets. Logging never throws: a line that cannot be written is dropped, and the loss
 * is reported.
 */
export function createLog(options: {
  readonly config: Config["log"];
  readonly layout: Layout;
  readonly name: string;
}): Logger {
  const { config, layout, name } = options;
  const isFile = config.to === "file";
  const complain = (errno: string): void => {
    if (isFile)
      note(`aethel: ${layout.log} cannot be written (${errno}): its lines are lost until it can`);
  };
  const sink = createLineSink(
    isFile ? { type: "file", path: layout.log } : { type: "descriptor", descriptor: STDERR },
    { complain },
  );
  return pino({ name, level: config.level }, sink);
}
