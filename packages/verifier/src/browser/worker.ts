import createSolver from "z3-solver/build/z3-built.js";
import { serveJudge } from "../judge/serve.ts";
import type { WorkerMessage } from "../judge/worker-protocol.ts";

/** A judging thread of a page. */
declare const self: {
  onmessage: ((event: { readonly data: WorkerMessage }) => void) | null;
  postMessage(message: unknown): void;
};

const serve = serveJudge(createSolver, (answer) => self.postMessage(answer));
self.onmessage = ({ data }) => serve(data);
