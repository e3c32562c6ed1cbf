import { Worker } from "node:worker_threads";

/** One question to a solver thread. */
export interface SolverRequest {
  readonly id: number;
  readonly script: string;
  /** Units of solver work. */
  readonly limit: number;
  /** `judge`: as a chain judges it. `solver`: plain Z3 at default options. */
  readonly by: "judge" | "solver";
}

/** Outcome of a script. */
export interface SolverAnswer {
  readonly verdict: "valid" | "refuted" | "unknown" | "rejected" | "crashed" | "hung";
  readonly detail: string;
  readonly spent: number;
  /** Constants of a model that refutes. */
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** Judges scripts in a thread of its own, so that one that hangs costs a thread and no more. */
export interface SolverClient extends AsyncDisposable {
  readonly ask: (
    script: string,
    options?: { readonly by?: SolverRequest["by"]; readonly limit?: number },
  ) => Promise<SolverAnswer>;
  /** Threads that were ended because they hung or broke. */
  readonly replaced: () => number;
}

/** Folder of another Z3 (`z3-built.js`, `z3-built.wasm`), and how patient to be. */
export interface SolverClientOptions {
  readonly folder?: string | undefined;
  readonly patienceMilliseconds?: number;
  readonly limit?: number;
}

const defaults = { patienceMilliseconds: 20_000, limit: 400_000 } as const;

/** Starts the thread at the first question. */
export function createSolverClient(options: SolverClientOptions = {}): SolverClient {
  const { patienceMilliseconds, limit: usual } = { ...defaults, ...options };
  let thread: Promise<Worker> | undefined;
  let lastId = 0;
  let replaced = 0;

  async function start(): Promise<Worker> {
    const worker = new Worker(new URL("solver-thread.ts", import.meta.url), {
      workerData: { folder: options.folder },
      execArgv: ["--conditions=@aethel/source"],
    });
    await new Promise<void>((resolve, reject) => {
      worker.once("message", () => resolve());
      worker.once("error", reject);
    });
    return worker;
  }

  async function replace(worker: Worker): Promise<void> {
    thread = undefined;
    replaced++;
    await worker.terminate();
  }

  async function ask(
    script: string,
    how: { readonly by?: SolverRequest["by"]; readonly limit?: number } = {},
  ): Promise<SolverAnswer> {
    thread ??= start();
    const worker = await thread;
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<SolverAnswer>();
    const lost = (verdict: "crashed" | "hung", detail: string): void =>
      resolve({ verdict, detail, spent: 0, values: [] });
    const onMessage = (message: { readonly id: number; readonly answer: SolverAnswer }): void => {
      if (message.id === id) resolve(message.answer);
    };
    const onError = (error: unknown): void => lost("crashed", String(error));
    const timer = setTimeout(() => lost("hung", "no answer"), patienceMilliseconds);
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.postMessage({ id, script, limit: how.limit ?? usual, by: how.by ?? "judge" });
    const answer = await promise;
    clearTimeout(timer);
    worker.off("message", onMessage);
    worker.off("error", onError);
    if (answer.verdict === "hung" || answer.verdict === "crashed") await replace(worker);
    return answer;
  }

  return {
    ask,
    replaced: () => replaced,
    [Symbol.asyncDispose]: async () => {
      const worker = await thread?.catch(() => undefined);
      await worker?.terminate();
    },
  };
}
