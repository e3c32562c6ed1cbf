import { natural } from "@aethel/terminal";
import { InvalidArgumentError, Option } from "commander";

/** Option with the URL of a node. */
export function url(): Option {
  return new Option("--url <url>", "HTTP API of a node")
    .env("AETHEL_URL")
    .default("http://127.0.0.1:4600");
}

/** Option that names a data directory. */
export function dataDir(): Option {
  return new Option("--data-dir <dir>", "directory of the node");
}

/** Reads a TCP port. */
export function port(text: string): number {
  const value = natural(text);
  if (value <= 65_535) return value;
  throw new InvalidArgumentError("a port is in 0 .. 65535.");
}

/** Reads micro-tokens. */
export function amount(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("a whole number of micro-tokens is needed.");
}
