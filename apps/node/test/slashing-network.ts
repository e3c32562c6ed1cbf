import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Amount, type Genesis } from "@aethel/models";
import { z } from "zod";
import { createNodeClient, type NodeClient } from "../src/client/node-client.ts";
import { readGenesis } from "../src/config/genesis-file.ts";
import { layoutOf } from "../src/files/layout.ts";
import { freePorts } from "../src/localnet/free-ports.ts";
import { LOCALNET_PASSWORD, prepareNetwork } from "../src/localnet/network-directory.ts";
import { person } from "../src/localnet/people.ts";
import { startValidatorProcess, type ValidatorProcess } from "../src/localnet/validator-process.ts";
import { Deed, type Misdeed } from "./misdeeds.ts";
import { payIfIdle } from "./payment.ts";

/** An honest validator: `aethel start` as a process. */
export interface HonestValidator {
  readonly client: NodeClient;
  readonly log: () => Promise<string>;
  /** Kills it. */
  readonly kill: () => Promise<void>;
  /** Starts it again from its directory, after `kill`. */
  readonly restart: () => Promise<void>;
}

/** A local network of which the last validator is Byzantine. */
export interface SlashingNetwork extends AsyncDisposable {
  readonly directory: string;
  readonly genesis: Genesis;
  readonly honest: readonly HonestValidator[];
  /** Orders a deed of the Byzantine validator; resolves when it is done. */
  readonly misbehave: (misdeed: Misdeed) => Promise<Deed>;
  /** Ends the Byzantine process, and starts an honest node in its directory. */
  readonly reform: () => Promise<HonestValidator & { readonly dataDir: string }>;
}

/** Attempts to start: a port can be taken between choosing and opening it. */
const START_ATTEMPTS = 3;

/** Starts one honest validator for each stake but the last; `settings`: `name=value`. */
export async function startSlashingNetwork(
  stakes: readonly Amount[],
  settings: readonly string[] = [],
): Promise<SlashingNetwork> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startAll(stakes, settings);
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startAll(
  stakes: readonly Amount[],
  settings: readonly string[],
): Promise<SlashingNetwork> {
  const directory = await mkdtemp(path.join(tmpdir(), "aethel-slashing-"));
  const parts = new AsyncDisposableStack();
  parts.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  try {
    const folders = await prepareNetwork({ directory, stakes, nowMs: Date.now(), settings });
    const genesis = await readGenesis(layoutOf(folders[0] ?? "").genesis);
    const ports = await freePorts(folders.length);
    const addresses = ports.map((port) => `/ip4/127.0.0.1/tcp/${port}`);
    const places = folders.map((dataDir, at) => ({
      dataDir,
      listen: addresses[at] ?? "",
      peers: addresses.filter((_, other) => other !== at),
    }));
    const last = places.at(-1);
    if (last === undefined) throw new RangeError("a network needs a validator");
    const [byzantine, ...honest] = await settleAll([
      startByzantine(last, parts),
      ...places.slice(0, -1).map((place) => startHonest(place, parts)),
    ]);
    return {
      directory,
      genesis,
      honest,
      misbehave: byzantine.misbehave,
      async reform() {
        await byzantine.kill();
        const { dataDir } = last;
        const place = { ...last, listen: "/ip4/127.0.0.1/tcp/0" };
        return Object.assign(await startHonest(place, parts), { dataDir });
      },
      [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

interface Place {
  readonly dataDir: string;
  readonly listen: string;
  readonly peers: readonly string[];
}

/** Like `Promise.all`, but it rejects only when all have settled. */
async function settleAll<T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

async function startHonest(place: Place, parts: AsyncDisposableStack): Promise<HonestValidator> {
  const { dataDir, peers } = place;
  let client: NodeClient;
  let running: ValidatorProcess;
  let gone = Promise.withResolvers<void>();
  const begin = async (listen: string): Promise<void> => {
    const over = Promise.withResolvers<void>();
    running = await startValidatorProcess({
      name: path.basename(dataDir),
      dataDir,
      listen,
      peers,
      password: LOCALNET_PASSWORD,
      signal: new AbortController().signal,
      onExit: () => over.resolve(),
    });
    gone = over;
    client = createNodeClient(running.url);
  };
  await begin(place.listen);
  parts.defer(() => running.stop());
  return {
    get client() {
      return client;
    },
    log: () => readFile(layoutOf(dataDir).log, "utf8"),
    async kill() {
      process.kill(running.pid, "SIGKILL");
      await gone.promise;
    },
    // On another port: somebody may have taken the old one. It dials the others.
    restart: () => begin("/ip4/127.0.0.1/tcp/0"),
  };
}

const Told = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("done"), deed: Deed }),
  z.object({ type: z.literal("failed") }),
]);

const PROGRAM = fileURLToPath(new URL("byzantine-validator.ts", import.meta.url));

async function startByzantine(
  place: Place,
  parts: AsyncDisposableStack,
): Promise<Pick<SlashingNetwork, "misbehave"> & { readonly kill: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    ["--conditions=@aethel/source", PROGRAM, JSON.stringify(place)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  parts.defer(kill);
  await told(child, "ready");
  const misbehave: SlashingNetwork["misbehave"] = async (misdeed) => {
    const done = told(child, "done");
    child.send(misdeed);
    const said = await done;
    if (said.type !== "done") throw new Error(`the Byzantine validator ${said.type}`);
    return said.deed;
  };
  return { misbehave, kill };
}

function told(child: ChildProcess, type: "ready" | "done"): Promise<z.infer<typeof Told>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const said = Told.parse(message);
      if (said.type !== type && said.type !== "failed") return;
      child.off("message", onMessage);
      if (said.type === "failed") reject(new Error("the Byzantine replica has stopped"));
      else resolve(said);
    };
    child.on("message", onMessage);
    child.once("exit", (code) => reject(new Error(`the Byzantine process ended with ${code}`)));
  });
}

/** Sends payments of alice to bob one by one, since a chain without work makes no blocks. */
export function keepBusy(network: SlashingNetwork): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const done = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      // Whoever is down or has it already says so; the next turn asks again.
      await pay(network).catch(() => undefined);
      await pause(100);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function pay({ genesis, honest }: SlashingNetwork): Promise<void> {
  const [first] = honest;
  if (first === undefined) return;
  const payment = { from: person("alice"), to: person("bob").id, amount: 1_000_000n };
  await payIfIdle(first.client, { genesis: () => genesis, ...payment });
}

/** Bound above all expected times on a busy machine, and below that of a test. */
const EVENTUALLY_MS = 120_000;

/** Waits until an answer satisfies a condition; nodes may be down meanwhile. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
): Promise<T> {
  const deadline = performance.now() + EVENTUALLY_MS;
  let answer: T | undefined;
  while (performance.now() < deadline) {
    answer = await ask().catch(() => undefined);
    if (answer !== undefined && isWanted(answer)) return answer;
    await pause(100);
  }
  throw new Error(`still waiting, with ${JSON.stringify(answer)}`);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
