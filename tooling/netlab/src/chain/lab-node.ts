import type { ChildProcess } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { spawnOn } from "../lab/on-host.ts";
import { pause } from "../lab/waiting.ts";
import type { Host } from "../wires/host.ts";
import { createNodeClient, LOCALNET_PASSWORD, layoutOf, type NodeClient } from "./node-app.ts";

/** Node of the chain: one process on one host. */
export interface LabNode {
  readonly name: string;
  readonly role: "validator" | "observer";
  readonly host: Host;
  readonly dataDir: string;
  /** Client of the API at the host's current address. */
  readonly client: () => NodeClient;
  readonly isRunning: () => boolean;
  /** Starts the process, which dials `peers`. Resolves when its API answers. */
  start(peers: readonly string[]): Promise<void>;
  /** Asks the process to end and waits for it. */
  stop(): Promise<void>;
  /** Kills the process and waits for it. */
  kill(): Promise<void>;
  /** Copies the data directory of a node that does not run. */
  copyDisk(to: string): Promise<void>;
  /** Replaces the data directory, or one part of it, by a copy that `copyDisk` made. */
  restoreDisk(from: string, part: "all" | "database"): Promise<void>;
}

const main = fileURLToPath(new URL("../../../../apps/node/src/main.ts", import.meta.url));
const START_MS = 240_000;
const STOP_MS = 20_000;

/** Port for peers of every node, and port of its API. */
export const PEER_PORT = 4_500;
const API_PORT = 4_600;

/** Creates a node that does not run yet. `address` returns the current address of its host. */
export function createLabNode(options: {
  readonly name: string;
  readonly role: LabNode["role"];
  readonly host: Host;
  readonly dataDir: string;
  readonly address: () => string;
}): LabNode {
  const { name, role, host, dataDir, address } = options;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let complaint = "";
  const client = (): NodeClient => createNodeClient(`http://${address()}:${API_PORT}`);
  const isRunning = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isRunning()) return;
    child?.kill(signal);
    const insist = setTimeout(() => child?.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(insist);
  };
  return {
    name,
    role,
    host,
    dataDir,
    client,
    isRunning,
    async start(peers) {
      if (isRunning()) throw new Error(`${name} runs already`);
      complaint = "";
      const places = ["--http-host", "0.0.0.0", "--http-port", String(API_PORT)];
      const dial = peers.length === 0 ? [] : ["--peer", ...peers];
      const listen = ["--listen", `/ip4/0.0.0.0/tcp/${PEER_PORT}`];
      const args = ["start", "--data-dir", dataDir, ...places, ...listen, ...dial];
      const started = spawnOn(host, main, args, {
        stdio: ["ignore", "ignore", "pipe"],
        env: { AETHEL_PASSWORD: LOCALNET_PASSWORD },
      });
      child = started;
      started.stderr?.on("data", (chunk: Buffer) => {
        complaint = `${complaint}${chunk.toString()}`.slice(-2_000);
      });
      ended = new Promise((resolve) => started.once("close", () => resolve()));
      const deadline = performance.now() + START_MS;
      while (isRunning() && performance.now() < deadline) {
        const status = await client()
          .status()
          .catch(() => undefined);
        if (status !== undefined) return;
        await pause(100);
      }
      const how = isRunning() ? `no answer in ${START_MS / 1_000} s` : `exit ${started.exitCode}`;
      throw new Error(`${name} did not start: ${how}. ${complaint.trim()}`);
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    copyDisk: (to) => cp(dataDir, to, { recursive: true }),
    async restoreDisk(from, part) {
      if (isRunning()) throw new Error(`${name} runs`);
      const place = part === "all" ? dataDir : layoutOf(dataDir).database;
      const source = part === "all" ? from : layoutOf(from).database;
      await rm(place, { recursive: true });
      await cp(source, place, { recursive: true });
    },
  };
}
