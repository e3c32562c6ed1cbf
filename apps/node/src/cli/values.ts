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

/** Option with the highest fee limit that is signed. */
export function maxFee(): Option {
  return new Option(
    "--max-fee <micro-tokens>",
    "highest fee limit to sign (default: 10 times what a new chain's prices ask, plus --tip)",
  ).argParser(amount);
}

/** Option that agrees to what a terminal would be asked. */
export function yes(): Option {
  return new Option("--yes", "sign without a question what a terminal would be asked about");
}

/** Reads micro-tokens. */
export function amount(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("a whole number of micro-tokens is needed.");
}
