import { parentPort } from "node:worker_threads";
import { loadEmscriptenFactory } from "../z3/installed/binary.ts";
import { serveJudge } from "./serve.ts";

/** Port of a worker thread of Node. This module is the thread's entry point. */
const port = parentPort;
if (port === null) throw new Error("the Judge's worker is started by createJudge only");
port.on(
  "message",
  serveJudge(loadEmscriptenFactory(), (answer) => port.postMessage(answer)),
);
