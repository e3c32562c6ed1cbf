import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type AccountId,
  createSigner,
  type Genesis,
  type PublicKey,
  type Signer,
  toAccountId,
} from "@aethel/models";
import type { Status } from "../src/api/api.ts";
import { createNodeClient, type NodeClient } from "../src/client/node-client.ts";
import { draftText, readGenesis } from "../src/config/genesis-file.ts";
import { newGenesis, tokens } from "../src/config/new-chain.ts";
import { createDataDirectory } from "../src/data-directory.ts";
import { type Layout, layoutOf } from "../src/files/layout.ts";
import { createSigningState } from "../src/files/signing-state.ts";
import { createKeyFile, openKeyFile } from "../src/keys/key-file.ts";
import { LOCALNET_COST } from "../src/keys/sealed-key.ts";
import { freePorts } from "../src/localnet/free-ports.ts";
import { type Finished, start } from "./cli.ts";
import { payIfIdle } from "./payment.ts";

/**
 * Operators of a chain: each has its own directory, uses the command line alone, and sends only public files
 * to the others.
 */
export interface Operators extends AsyncDisposable {
  readonly folder: string;
  /** Common genesis. */
  readonly genesis: string;
  readonly all: readonly Operator[];
  /** Adds a node in a directory that a test made. */
  at(dataDir: string): Operator;
}

/** One operator with its node. */
export interface Operator {
  readonly name: string;
  readonly layout: Layout;
  /** Address at which its node listens for peers. */
  readonly address: string;
  /** Client of the running node. */
  readonly client: NodeClient;
  readonly pid: number;
  /** Runs `aethel` to its end. */
  readonly cli: (...args: readonly string[]) => Promise<Finished>;
  /** Starts the node and waits until its API answers; rejects with its output when it ends before. */
  start(options?: StartOptions): Promise<void>;
  /** Stops the node, waits, and returns its result. */
  stop(): Promise<Finished>;
  /** Kills the node. */
  kill(): Promise<void>;
  /** Lines of the node's log. */
  readonly log: () => Promise<readonly LogLine[]>;
  readonly status: () => Promise<Status>;
}

interface StartOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Command that runs the node, such as `unshare`. */
  readonly prefix?: readonly string[];
}

/** Fields of a line of the log that the tests look at. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly sequence?: number;
  readonly view?: number;
  readonly time?: number;
}

/** Password of all keys. */
export const PASSWORD = "a password for tests";
const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Command line of `aethel`. */
export const COMMAND = [process.execPath, "--conditions=@aethel/source", main] as const;
const START_MS = 150_000;

interface FoundOptions {
  readonly count: number;
  /** `name=value`, as for `aethel genesis new --set`. */
  readonly set?: readonly string[];
  /** `cli`: by the commands of operators. `quick`: the same files, with keys of the least cost. */
  readonly by?: "cli" | "quick";
}

/** Founds a chain of `count` operators on loopback; no node runs yet. */
export async function foundChain(options: FoundOptions): Promise<Operators> {
  const { count, by = "quick" } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "aethel-operators-"));
  const ports = await freePorts(count);
  const addresses = ports.map((port) => `/ip4/127.0.0.1/tcp/${port}`);
  const all = addresses.map((address, at) => {
    const name = `operator-${at}`;
    return createOperator({ name, dataDir: path.join(folder, name), address });
  });
  const others: Operator[] = [];
  const operators = {
    folder,
    genesis: path.join(folder, "genesis.yaml"),
    all,
    at(dataDir: string) {
      const another = createOperator({ name: dataDir, dataDir, address: "/ip4/127.0.0.1/tcp/0" });
      others.push(another);
      return another;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...all, ...others].map((each) => each.kill()));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    const parts = { operators, addresses, set: options.set ?? [] };
    await (by === "cli" ? foundByCli(parts) : foundQuickly(parts));
    return operators;
  } catch (error) {
    await operators[Symbol.asyncDispose]();
    throw error;
  }
}

interface Founding {
  readonly operators: Operators;
  readonly addresses: readonly string[];
  readonly set: readonly string[];
}

async function foundByCli({ operators, addresses, set }: Founding): Promise<void> {
  const { all, genesis } = operators;
  const [first] = all;
  if (first === undefined) throw new RangeError("a chain needs an operator");
  await Promise.all(all.map(({ cli, layout }) => done(cli("keys", "new", ...at(layout)))));
  const settings = set.flatMap((setting) => ["--set", setting]);
  await done(first.cli("genesis", "new", genesis, "--pace", "local", ...settings));
  const cards = all.map(({ layout }) => layout.card);
  const money = ["--stake", "100000", "--balance", "1000"];
  await done(first.cli("genesis", "add", genesis, ...cards, ...money));
  const { stdout: chain } = await done(first.cli("genesis", "hash", genesis));
  await Promise.all(
    all.map(({ cli, layout }, index) => {
      const peers = addresses.filter((_, other) => other !== index);
      const dial = peers.length === 0 ? [] : ["--peer", ...peers];
      const agreed = ["--genesis", genesis, "--chain-id", chain.trim()];
      return done(cli("init", ...at(layout), ...agreed, ...dial));
    }),
  );
}

async function foundQuickly({ operators, addresses, set }: Founding): Promise<void> {
  const founders = await Promise.all(operators.all.map(({ layout }) => quickKeys(layout)));
  const draft = newGenesis({
    name: "test",
    pace: "local",
    timestampMs: Date.now(),
    validators: founders.map(({ id, key }) => ({ id, key, stake: tokens(100_000) })),
    accounts: founders.map(({ id }) => ({ id, balance: tokens(1_000) })),
  });
  await writeFile(operators.genesis, draftText(draft, set));
  const genesis = await readGenesis(operators.genesis);
  for (const [index, { layout }] of operators.all.entries()) {
    const peers = addresses.filter((_, other) => other !== index);
    const config = { role: "validator", p2p: { peers } } as const;
    await createDataDirectory({ directory: layout.directory, genesis, config });
  }
}

async function quickKeys(layout: Layout): Promise<{ id: AccountId; key: PublicKey }> {
  const cheap = { password: PASSWORD, log2N: LOCALNET_COST };
  const key = await createKeyFile({ file: layout.consensusKey, purpose: "consensus", ...cheap });
  await createKeyFile({ file: layout.networkKey, purpose: "network", ...cheap });
  const account = await createKeyFile({ file: layout.accountKey, purpose: "account", ...cheap });
  await createSigningState(layout);
  return { id: toAccountId(account), key };
}

/** Waits for a command; rejects with its output when it fails. */
export async function done(command: Promise<Finished>): Promise<Finished> {
  const finished = await command;
  if (finished.code === 0) return finished;
  throw new Error(`exit ${finished.code}: ${finished.stdout}${finished.stderr}`);
}

const at = ({ directory }: Layout): readonly string[] => ["--data-dir", directory];

function createOperator(options: {
  readonly name: string;
  readonly dataDir: string;
  readonly address: string;
}): Operator {
  const { name, dataDir, address } = options;
  const layout = layoutOf(dataDir);
  const password = { AETHEL_PASSWORD: PASSWORD };
  let child: ChildProcess | undefined;
  let ended: Promise<Finished> | undefined;
  let client: NodeClient | undefined;
  const operator: Operator = {
    name,
    layout,
    address,
    get client() {
      if (client === undefined) throw new Error(`${name} has no node that runs`);
      return client;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    cli: (...args) => start(args, { env: password }).done,
    async start({ flags = [], env = {}, prefix = [] } = {}) {
      await rm(layout.ready, { force: true });
      const node = ["start", "--data-dir", dataDir, "--http-port", "0", "--listen", address];
      const [command = "", ...args] = [...prefix, ...COMMAND, ...node, ...flags];
      child = spawn(command, args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...password, ...env },
      });
      ended = endOf(child);
      client = createNodeClient(await readyAt(layout.ready, ended));
    },
    async stop() {
      child?.kill("SIGTERM");
      const finished = await ended;
      child = undefined;
      if (finished === undefined) throw new Error(`${name} has no node that runs`);
      return finished;
    },
    async kill() {
      child?.kill("SIGKILL");
      await ended;
      child = undefined;
    },
    async log() {
      const text = await readFile(layout.log, "utf8").catch(() => "");
      return text
        .split("\n")
        .filter((line) => line !== "")
        .map((line): LogLine => JSON.parse(line));
    },
    status: () => operator.client.status(),
  };
  return operator;
}

function endOf(child: ChildProcess): Promise<Finished> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, stdout, stderr });
    child.once("error", () => end(127, null));
    child.once("close", end);
  });
}

async function readyAt(file: string, ended: Promise<Finished>): Promise<string> {
  let finished: Finished | undefined;
  void ended.then((each) => (finished = each));
  const deadline = performance.now() + START_MS;
  while (finished === undefined && performance.now() < deadline) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return JSON.parse(text).url;
    await pause(50);
  }
  throw new Error(`the node did not start: ${finished?.stderr ?? "it took too long"}`);
}

/** Sends payments of an operator to itself one by one, through any node that answers. */
export async function keepBusy(
  operators: Operators,
  payer: Operator,
): Promise<{ stop(): Promise<void> }> {
  const file = payer.layout.accountKey;
  const secret = await openKeyFile({ file, purpose: "account", password: PASSWORD });
  const signer = createSigner(secret);
  const stopping = new AbortController();
  const paying = (async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const through = operators.all[turn % operators.all.length];
      if (through !== undefined) await pay(operators, through, signer).catch(() => undefined);
      await pause(100);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await paying;
    },
  };
}

/** One payment, unless one is waiting. */
async function pay(operators: Operators, through: Operator, signer: Signer): Promise<void> {
  const id = toAccountId(signer.publicKey);
  const genesis = (): Promise<Genesis> => readGenesis(operators.genesis);
  await payIfIdle(through.client, { genesis, from: { id, signer }, to: id, amount: 1n });
}

/** Waits until an answer satisfies a condition; nodes may be down meanwhile. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  withinMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let answer: T | undefined;
  while (performance.now() < deadline) {
    answer = await ask().catch(() => undefined);
    if (answer !== undefined && isWanted(answer)) return answer;
    await pause(100);
  }
  throw new Error(`still waiting, with ${JSON.stringify(answer)}`);
}

/** Waits until an operator's head is at `sequence` or beyond. */
export async function reaches(operator: Operator, sequence: number): Promise<Status> {
  return await eventually(operator.status, ({ head }) => head.sequence >= sequence);
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
