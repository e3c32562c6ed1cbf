import pino, { type Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Layout } from "../storage/layout.ts";

/** A node's log: JSON lines, in its directory or on standard error. Never holds a secret. */
export function createLog(options: {
  readonly config: Config["log"];
  readonly layout: Layout;
  readonly name: string;
}): Logger {
  const { config, layout, name } = options;
  const target = config.to === "file" ? layout.log : 2;
  return pino({ name, level: config.level }, pino.destination({ dest: target, sync: true }));
}
