/**
 * The Judge against z3-solver as one would use it, against the native program, and against itself.
 * `npm run bench -- verifier`; under three minutes.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  interleave,
  isSmoke,
  median,
  medianOf,
  printFigure,
  printPlace,
  printSkipped,
  ratioOf,
  sized,
} from "@aethel/bench";
import { createJudge, type Judge, type JudgePayload } from "@aethel/verifier";
import {
  freshIntents,
  freshTheorem,
  intentScripts,
  type TheoremFile,
  theoremFiles,
} from "./inputs.ts";
import { type PlainZ3, startPlainZ3 } from "./plain-z3.ts";

const times = (ratio: number): string => `${ratio.toFixed(1)} x`;
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

printPlace("Judge");
const judge = await createJudge({ workers: 1 });
const plain = await startPlainZ3();
await benchIntents();
const theorems = await provable(theoremFiles() ?? []);
if (theorems.length === 0) printSkipped("theorems", "AETHEL_CORPUS names no folder of scripts");
else {
  await benchTheorems(theorems.filter((file) => file.milliseconds < 100));
  await benchNative(theorems.filter((file) => file.milliseconds >= 50).slice(0, 8));
}
await plain.close();
await judge.close();
await benchPool();
await benchCache();
benchStart();
process.exit();

async function all(using: Judge, payloads: readonly JudgePayload[]): Promise<void> {
  const results = await Promise.all(payloads.map(async (payload) => await using.check(payload)));
  const wrong = results.find((one) => one.type !== "judged" || one.verdict !== "valid");
  if (wrong !== undefined) throw new Error(`not proved: ${JSON.stringify(wrong)}`);
}

async function benchIntents(): Promise<void> {
  const scripts = intentScripts();
  const timings = await interleave(
    [
      { name: "judge", run: async () => await all(judge, freshIntents()) },
      {
        name: "low-level",
        run: () => {
          for (const script of scripts) plain.evaluate(script);
        },
      },
      { name: "high-level", run: async () => await checkAll(plain, scripts) },
    ],
    { rounds: 10, budgetMilliseconds: 20_000 },
  );
  const ours = medianOf(timings, "judge");
  const name = `intents: ${scripts.length} obligations of the standard library`;
  printFigure({ name, value: milliseconds(ours) });
  const each = ours / scripts.length;
  printFigure({ name: "intents: one obligation", value: milliseconds(each) });
  printFigure({ name: "intents: obligations per second", value: (1_000 / each).toFixed(0) });
  for (const slow of ["low-level", "high-level"] as const) {
    const value = times(ratioOf(timings, { slow, fast: "judge" }));
    printFigure({ name: `intents: z3-solver, ${slow}, takes`, value, target: ">= 4 x" });
  }
}

async function checkAll(solver: PlainZ3, scripts: readonly string[]): Promise<void> {
  for (const script of scripts) await solver.check(script);
}

/** Returns every second file that both the Judge and z3-solver prove within the default limit. */
async function provable(files: readonly TheoremFile[]): Promise<readonly TheoremFile[]> {
  const proved: TheoremFile[] = [];
  // Every second one: the bench is to end within three minutes.
  for (const file of files.filter((one, at) => at % 2 === 0 && one.milliseconds < 400)) {
    const judgement = await judge.check(freshTheorem(file));
    const valid = judgement.type === "judged" && judgement.verdict === "valid";
    if (valid && plain.evaluate(file.text).includes("unsat")) proved.push(file);
  }
  return proved;
}

async function benchTheorems(files: readonly TheoremFile[]): Promise<void> {
  const scripts = files.map((file) => file.text.replaceAll(/\(set-option[^)]*\)/g, ""));
  const timings = await interleave(
    [
      { name: "judge", run: async () => await all(judge, files.map(freshTheorem)) },
      {
        name: "low-level",
        run: () => {
          for (const script of scripts) plain.evaluate(script);
        },
      },
    ],
    { rounds: 8, budgetMilliseconds: 30_000 },
  );
  const name = `theorems: ${files.length} scripts, each under 100 ms for Z3`;
  printFigure({ name, value: milliseconds(medianOf(timings, "judge")) });
  const value = times(ratioOf(timings, { slow: "low-level", fast: "judge" }));
  printFigure({ name: "theorems: z3-solver, low-level, takes", value, target: ">= 1.5 x" });
}

async function benchNative(files: readonly TheoremFile[]): Promise<void> {
  const name = "theorems: of native Z3's time";
  const version = spawnSync("z3", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return printSkipped(name, "no z3 program: apt-get install z3");
  const ratios: number[] = [];
  for (const file of files) {
    const timings = await interleave(
      [
        { name: "judge", run: async () => await all(judge, [freshTheorem(file)]) },
        { name: "native", run: () => spawnSync("z3", ["-smt2", "-T:20", file.path]) },
      ],
      { rounds: 3, budgetMilliseconds: 3_000 },
    );
    if (medianOf(timings, "native") >= 50) {
      ratios.push(ratioOf(timings, { slow: "judge", fast: "native" }));
    }
  }
  const native = version.stdout.trim().slice(0, 17);
  const what = `theorems: of native Z3's time, ${ratios.length} files > 50 ms, ${native}`;
  printFigure({ name: what, value: times(median(ratios)), target: "<= 3 x" });
}

async function benchPool(): Promise<void> {
  await using one = await createJudge({ workers: 1 });
  await using two = await createJudge({ workers: 2 });
  const batch = (): JudgePayload[] => Array.from({ length: sized(8, 1) }, freshIntents).flat();
  const timings = await interleave(
    [
      { name: "one", run: async () => await all(one, batch()) },
      { name: "two", run: async () => await all(two, batch()) },
    ],
    { rounds: 14, budgetMilliseconds: 20_000 },
  );
  const value = times(ratioOf(timings, { slow: "one", fast: "two" }));
  printFigure({ name: "pool: two workers do", value, target: ">= 1.8 x" });
}

async function benchCache(): Promise<void> {
  await using known = await createJudge({ workers: 1 });
  const payloads = freshIntents();
  await all(known, payloads);
  const count = sized(20_000, 200);
  const timings = await interleave(
    [
      {
        name: "lookups",
        run: async () => {
          for (let at = 0; at < count; at++) {
            const payload = payloads[at % payloads.length];
            if (payload !== undefined) await known.check(payload);
          }
        },
      },
    ],
    { rounds: 10, budgetMilliseconds: 5_000 },
  );
  const perSecond = (1_000 * count) / medianOf(timings, "lookups");
  const name = "cache: known proofs per second";
  printFigure({ name, value: perSecond.toFixed(0), target: ">= 100000" });
}

function benchStart(): void {
  const passed = isSmoke ? ["--smoke"] : [];
  const child = new URL("start.ts", import.meta.url).pathname;
  const run = (kind: string): { readonly first: number; readonly worker: number } =>
    JSON.parse(
      execFileSync(process.execPath, [...process.execArgv, child, kind, ...passed], {
        encoding: "utf8",
      }),
    );
  const turns = sized([1, 2, 3], [1]);
  for (const kind of ["intent", "theorem"]) {
    const value = milliseconds(median(turns.map(() => run(kind).first)));
    const name = `start: process start to the first verdict (${kind})`;
    printFigure({ name, value, target: "< 400 ms" });
  }
  const genesis = milliseconds(median(turns.map(() => run("genesis").first)));
  printFigure({ name: "start: to the whole standard library judged, two workers", value: genesis });
  const bytes = median(turns.slice(0, 2).map(() => run("memory").worker));
  const name = "memory: what one more worker takes, after both kinds of proof";
  printFigure({ name, value: `${(bytes / 2 ** 20).toFixed(0)} MiB` });
}
