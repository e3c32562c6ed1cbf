import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Finished, type Running, start } from "./cli.ts";

/** A validator that is a chain of its own, made by `aethel init`, in a folder for the tests of a file. */
export interface LoneValidator {
  /** Folder for files of the tests. */
  readonly folder: () => string;
  /** Its data directory. */
  readonly data: () => string;
  /** Runs `aethel` to its end. */
  readonly cli: (...args: readonly string[]) => Promise<Finished>;
  /** Starts its node and waits until its API answers. */
  readonly startNode: (...flags: readonly string[]) => Promise<Ready>;
  /** Starts the node of another directory. */
  readonly startIn: (directory: string, ...flags: readonly string[]) => Promise<Started>;
  /** Ends its node in good order. */
  readonly stopNode: () => Promise<void>;
  readonly pid: () => number | undefined;
}

/** URL of a running node. */
export interface Ready {
  readonly url: string;
  readonly addresses: readonly string[];
}

/** A running node. */
export interface Started extends Ready {
  readonly running: Running;
}

/** Free ports. */
export const OWN_PORTS = ["--http-port", "0", "--listen", "/ip4/127.0.0.1/tcp/0"] as const;

const env = { AETHEL_PASSWORD: "a password for tests" };

/** Creates the validator before the tests of a file, and removes it with its nodes afterwards. */
export function useLoneValidator(): LoneValidator {
  let folder = "";
  let node: Running | undefined;
  const started: Running[] = [];
  const data = (): string => path.join(folder, "data");
  const cli = (...args: readonly string[]): Promise<Finished> => start(args, { env }).done;
  const startIn = async (directory: string, ...flags: readonly string[]): Promise<Started> => {
    const running = start(["start", "--data-dir", directory, ...OWN_PORTS, ...flags], { env });
    started.push(running);
    return { ...(await readyOf(directory, running)), running };
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "aethel-node-"));
    const made = await cli("init", "--data-dir", data(), "--name", "alone");
    expect(made.stderr).toBe("");
    expect(made.code).toBe(0);
  });
  // A test that fails must not leave its nodes to the next one.
  afterEach(async () => {
    for (const running of started.splice(0)) {
      running.child.kill("SIGKILL");
      await running.done;
    }
    node = undefined;
  });
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  return {
    folder: () => folder,
    data,
    cli,
    async startNode(...flags) {
      const { running, ...ready } = await startIn(data(), ...flags);
      node = running;
      return ready;
    },
    startIn,
    async stopNode() {
      node?.child.kill("SIGTERM");
      const finished = await node?.done;
      node = undefined;
      expect(finished?.code).toBe(0);
      expect(existsSync(path.join(data(), "lock"))).toBe(false);
      expect(existsSync(path.join(data(), "ready.json"))).toBe(false);
    },
    pid: () => node?.child.pid,
  };
}

async function readyOf(directory: string, { done }: Running): Promise<Ready> {
  let ended: Finished | undefined;
  void done.then((finished) => (ended = finished));
  while (ended === undefined) {
    const ready = await readFile(path.join(directory, "ready.json"), "utf8").catch(() => "");
    if (ready !== "") return JSON.parse(ready);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the node did not start: ${ended.stderr}`);
}
