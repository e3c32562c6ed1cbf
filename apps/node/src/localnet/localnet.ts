import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { NodeError } from "../failure/failure.ts";
import { freePorts } from "./free-ports.ts";
import { equalStakes, LOCALNET_PASSWORD, prepareNetwork } from "./network-directory.ts";
import {
  type ProcessExit,
  startValidatorProcess,
  type ValidatorProcess,
} from "./validator-process.ts";

/** Validator of a local network. */
export interface LocalNode {
  readonly index: number;
  readonly pid: number;
  readonly client: NodeClient;
  /** Exit of the process; undefined while it runs. */
  readonly exit: ProcessExit | undefined;
}

/** Local network that is running. */
export interface Localnet extends AsyncDisposable {
  readonly nodes: readonly LocalNode[];
  /** Ends all running processes. Resolves when none is left. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Most attempts to start. An attempt fails if another process takes one of the chosen ports first.
 */
const START_ATTEMPTS = 3;

/**
 * Starts the validators whose data directories are in `directory`, each as a process. They dial one
 * another.
 */
export async function startLocalnet(options: {
  readonly directory: string;
  readonly count: number;
  /** Parameters of a new chain, each as `name=value`. Default: none. */
  readonly settings?: readonly string[];
  /** Aborts the start of the network. Has no effect once the network has started. */
  readonly signal: AbortSignal;
  /** Called if a validator's process ends without having been stopped. */
  readonly onLost: (node: LocalNode) => void;
}): Promise<Localnet> {
  const { directory, count, settings = [], signal, onLost } = options;
  const folders = await prepareNetwork({
    directory,
    stakes: equalStakes(count),
    nowMs: Date.now(),
    settings,
  });
  for (let attempt = 1; ; attempt++) {
    try {
      return await startAll(folders, signal, onLost);
    } catch (error) {
      const isPort = error instanceof NodeError && /in use|EADDRINUSE/.test(error.fault.message);
      if (!isPort || attempt === START_ATTEMPTS) throw error;
    }
  }
}

type MutableNode = { -readonly [Key in keyof LocalNode]: LocalNode[Key] };

async function startAll(
  folders: readonly string[],
  signal: AbortSignal,
  onLost: (node: LocalNode) => void,
): Promise<Localnet> {
  const ports = await freePorts(folders.length);
  const addresses = ports.map((port) => `/ip4/127.0.0.1/tcp/${port}`);
  const nodes: MutableNode[] = [];
  const exits = new Map<number, ProcessExit>();
  let isStopping = false;

  const started = await Promise.allSettled(
    folders.map((dataDir, index) =>
      startValidatorProcess({
        name: `validator ${index}`,
        dataDir,
        listen: addresses[index] ?? "",
        peers: addresses.filter((_, at) => at !== index),
        password: LOCALNET_PASSWORD,
        signal,
        onExit: (exit) => {
          exits.set(index, exit);
          const node = nodes[index];
          if (node === undefined) return;
          node.exit = exit;
          if (!isStopping) onLost(node);
        },
      }),
    ),
  );
  const processes = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const stop = async (): Promise<void> => {
    isStopping = true;
    await Promise.all(processes.map((each: ValidatorProcess) => each.stop()));
  };
  const failed = started.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  nodes.push(
    ...processes.map(({ pid, url }, index) => ({
      index,
      pid,
      client: createNodeClient(url),
      exit: exits.get(index),
    })),
  );
  return { nodes, stop, [Symbol.asyncDispose]: stop };
}
