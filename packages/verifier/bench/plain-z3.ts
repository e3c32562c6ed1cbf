import { createRequire } from "node:module";

/** z3-solver as its documentation shows it, and its synchronous low-level calls. */
export interface PlainZ3 {
  /** A fresh context and `eval_smtlib2_string`, synchronously: the text that Z3 answers. */
  readonly evaluate: (script: string) => string;
  /** The high-level API: one `Context`, a new `Solver` that reads the text, `await check()`. */
  readonly check: (script: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Starts z3-solver in this thread. */
export async function startPlainZ3(): Promise<PlainZ3> {
  const { Z3, em, Context } = (await load()) as unknown as Solver;
  // As in its examples. A new `Context` for each script runs out of memory after some hundred.
  const { Solver } = Context("bench");
  return {
    evaluate: (script) => {
      const config = Z3.mk_config();
      const context = Z3.mk_context(config);
      Z3.del_config(config);
      const types = ["number", "string"];
      const answer = em.ccall("Z3_eval_smtlib2_string", "string", types, [context, script]);
      Z3.del_context(context);
      return answer.trim();
    },
    check: async (script) => {
      const solver = new Solver();
      solver.fromString(script);
      return await solver.check();
    },
    close: async () => await em.PThread.terminateAllThreads(),
  };
}

interface Solver {
  readonly Z3: {
    readonly mk_config: () => number;
    readonly del_config: (config: number) => void;
    readonly mk_context: (config: number) => number;
    readonly del_context: (context: number) => void;
  };
  readonly em: {
    readonly ccall: (
      name: string,
      result: "string",
      types: readonly string[],
      values: readonly (number | string)[],
    ) => string;
    readonly PThread: { readonly terminateAllThreads: () => Promise<void> };
  };
  readonly Context: (name: string) => {
    readonly Solver: new () => {
      readonly fromString: (script: string) => void;
      readonly check: () => Promise<string>;
    };
  };
}

async function load(): Promise<object> {
  const { init } = createRequire(import.meta.url)("z3-solver");
  return await init();
}
