import { parseArgs } from "node:util";
import { fuzzCases } from "./fuzz-case.ts";
import { createSolverClient } from "./solver-client.ts";
import { isTheoryName } from "./theories.ts";

/**
 * Metamorphic fuzzing by hand. `--minutes` and `--seed` say how long and where to begin, `--case`
 * replays one case and prints what it asked, `--by solver` leaves out the screen, `--z3 FOLDER`
 * takes another Z3, `--theory NAME` keeps to blends with that one (theories.ts). Every fourth case
 * starts from a script of others, where there are any.
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
    by: { type: "string", default: "judge" },
    theory: { type: "string" },
    z3: { type: "string" },
  },
});
const seed = Number(options.seed);
const by = options.by === "solver" ? "solver" : "judge";
const client = createSolverClient({ folder: options.z3 });
const asker = { ask: (script: string) => client.ask(script, { by }) };
const counts = new Map<string, number>();
const end = performance.now() + Number(options.minutes) * 60_000;
const { theory } = options;
if (theory !== undefined && !isTheoryName(theory)) throw new RangeError(`no theory ${theory}`);
const run = fuzzCases(asker, seed, theory);
let contradictions = 0;

if (options.case !== undefined) {
  const report = await run(Number(options.case));
  for (const { script, answer } of report.judged) {
    console.log(`; ${answer.verdict} ${answer.detail} (${answer.spent} units)\n${script}\n`);
  }
  contradictions = report.contradictions.length;
} else {
  for (let index = 0; performance.now() < end; index++) {
    const report = await run(index);
    for (const { answer } of report.judged) {
      counts.set(answer.verdict, (counts.get(answer.verdict) ?? 0) + 1);
      if (answer.verdict === "hung" || answer.verdict === "crashed")
        console.log(index, answer.verdict);
    }
    for (const { relation, first, second } of report.contradictions) {
      contradictions++;
      console.log(`CONTRADICTION: --seed ${seed} --case ${index}: ${relation}`);
      console.log(
        `; ${first.answer.verdict}\n${first.script}\n; ${second.answer.verdict}\n${second.script}`,
      );
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const [verdict, count] of counts) {
    console.log(`${verdict.padEnd(10)} ${count} (${((100 * count) / total).toFixed(1)} %)`);
  }
}
console.log(`${contradictions} contradictions`);
await client[Symbol.asyncDispose]();
process.exitCode = contradictions === 0 ? 0 : 1;
