import createSolver from "z3-solver/build/z3-built.js";
import { serveJudge } from "../threads/serve.ts";
import type { WorkerMessage } from "../threads/worker-protocol.ts";

/**
 * Global that exists only in a worker. Elsewhere, such as in server-side rendering, this module
 * does nothing.
 */
declare const WorkerGlobalScope: unknown;
declare const self: {
  onmessage: ((event: { readonly data: WorkerMessage }) => void) | null;
  postMessage(message: unknown): void;
};

if (typeof WorkerGlobalScope !== "undefined") {
  const serve = serveJudge(createSolver, (answer) => self.postMessage(answer));
  self.onmessage = ({ data }) => serve(data);
}
