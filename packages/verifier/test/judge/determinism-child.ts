/**
 * A process that judges payloads in an order of its own and prints what it found, as
 * `[index, judgement]` lines of JSON. Arguments: sample or all, workers, seed, whether to crash a
 * thread and cut one off on the way.
 */
import { createJudge, type Judge } from "../../src/index.ts";
import { determinismPayloads } from "./determinism-payloads.ts";
import { endless, shuffled, theorem, timeless } from "./fixtures.ts";

const [extent, workers, seed, disturb] = process.argv.slice(2);
const payloads = determinismPayloads(extent === "all" ? "all" : "sample");
const order = shuffled([...payloads.keys()], Number(seed));
await using judge = await createJudge({
  workers: Number(workers),
  limits: { watchdogMilliseconds: 240_000 },
});

await Promise.all(
  order.map(async (index, at) => {
    const payload = payloads[index];
    if (payload === undefined) return;
    const disturbing = disturb === "disturb" && at % 10 === 5 ? disturbance(judge, at) : undefined;
    const judgement = await judge.check(payload);
    console.log(JSON.stringify([index, timeless(judgement)]));
    await disturbing;
  }),
);

/** By turns a payload that crashes its thread, and one that is cut off in the middle of work. */
async function disturbance(judging: Judge, at: number): Promise<void> {
  if (at % 20 === 5) {
    const nonsense = { type: "nonsense", source: new Uint8Array(1) };
    await judging.check(nonsense as unknown as Parameters<Judge["check"]>[0]);
    return;
  }
  const controller = new AbortController();
  const cut = judging.check(theorem(`${endless}; ${at}`), { signal: controller.signal });
  setTimeout(() => controller.abort(), 300).unref();
  await cut;
}
