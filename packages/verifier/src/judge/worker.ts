import { parentPort, workerData } from "node:worker_threads";
import { createSolverInstance } from "../z3/instance.ts";
import type { WasmModule } from "../z3/web-assembly.ts";
import { judgePayload } from "./judge-payload.ts";
import type { WorkerAnswer, WorkerStart, WorkerTask } from "./worker-protocol.ts";

/**
 * One judging thread: takes a payload, answers, takes the next. It keeps nothing between two
 * payloads but the solver's code. An exception leaves the solver in an unknown state, so the
 * thread says so and does no more; the pool replaces it.
 */
const port = parentPort;
if (port === null) throw new Error("the Judge's worker is started by createJudge only");

const { module } = workerData as WorkerStart;
const starting = createSolverInstance(module as WasmModule);

port.on("message", (task: WorkerTask) => {
  void work(task).then((answer) => port.postMessage(answer));
});

async function work(task: WorkerTask): Promise<WorkerAnswer> {
  try {
    const instance = await starting;
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
