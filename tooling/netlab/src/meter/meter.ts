import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { spawnOn } from "../lab/on-host.ts";
import type { Host } from "../wires/host.ts";

/** Program that answers measurements on a host. */
export interface Meter {
  /** Number of datagrams that have come so far. */
  datagrams(): Promise<number>;
}

const main = fileURLToPath(new URL("main.ts", import.meta.url));
/** Port of all meters. */
export const METER_PORT = 7_000;

/** Starts a meter on a host and waits until it listens. */
export async function startMeter(host: Host): Promise<Meter> {
  const child = spawnOn(host, main, ["listen", String(METER_PORT)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting: ((line: string) => void)[] = [];
  if (child.stdout === null) throw new Error("the meter has no output");
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(line));
  const next = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  await next();
  return {
    async datagrams() {
      const line = next();
      child.stdin?.write("count\n");
      return JSON.parse(await line).datagrams;
    },
  };
}

/** Answer of a measurement: the figures that its command prints, or an error. */
export interface Measured {
  readonly connectMs?: number;
  readonly roundTripsMs?: readonly number[];
  readonly ms?: number;
  readonly sent?: number;
  readonly error?: string;
}

/** Runs a measurement on a host towards the meter at an address. */
export async function measure(
  host: Host,
  command: "ping" | "carry" | "datagrams",
  to: { readonly address: string; readonly amount: number },
): Promise<Measured> {
  const words = [command, to.address, String(METER_PORT), String(to.amount)];
  const child = spawnOn(host, main, words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(text);
}
