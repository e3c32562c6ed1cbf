import { parentPort } from "node:worker_threads";
import { createSolverInstance, type SolverInstance } from "../z3/instance.ts";
import { judgePayload } from "./judge-payload.ts";
import type { WorkerAnswer, WorkerMessage, WorkerTask } from "./worker-protocol.ts";

/**
 * One judging thread: takes a payload, answers, takes the next. It keeps nothing between two
 * payloads but the solver's code. An exception leaves the solver in an unknown state, so the
 * thread says so and does no more; the pool replaces it.
 */
const port = parentPort;
if (port === null) throw new Error("the Judge's worker is started by createJudge only");

const starting = Promise.withResolvers<SolverInstance>();

port.on("message", (message: WorkerMessage) => {
  if (message.type === "start") starting.resolve(createSolverInstance(message.module));
  else void work(message).then((answer) => port.postMessage(answer));
});

async function work(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    const instance = await starting.promise;
    const start = performance.now();
    const judgement = judgePayload(instance, task.payload, task.resourceLimit);
    const milliseconds = performance.now() - start;
    const heapBytes = instance.heapBytes();
    return { type: "judged", id: task.id, judgement: { ...judgement, milliseconds }, heapBytes };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { type: "failed", id: task.id, message: message.slice(0, 300) };
  }
}
