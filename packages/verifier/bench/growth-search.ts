/**
 * Searches for scripts and intents that cost the Judge more time than its counted limits say: a
 * population of each kind of layer, changed and crossed, the slowest of each kind kept.
 *
 * `node --conditions=@aethel/source bench/growth-search.ts --minutes 10 --seed 1 --out found.jsonl`
 *
 * The seed fixes the stream of changes; what is kept depends on times. So each record is written
 * as a genome with its text: `--replay found.jsonl` judges the records again. A time is processor
 * time of the whole process, which bears a busy machine better than a clock does.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createJudge, type JudgePayload } from "@aethel/verifier";
import {
  crossIntents,
  type IntentGenome,
  mutateIntent,
  randomIntent,
  renderIntent,
} from "../test/growth/intent-genome.ts";
import {
  crossScripts,
  mutateScript,
  randomScript,
  renderScript,
  type ScriptGenome,
} from "../test/growth/script-genome.ts";
import { createRandom, type RandomSource } from "../test/soundness/random-source.ts";

type Genome =
  | { readonly kind: "script"; readonly genome: ScriptGenome }
  | { readonly kind: "intent"; readonly genome: IntentGenome };

interface Finding {
  readonly subject: Genome;
  readonly text: string;
  readonly outcome: string;
  readonly units: number;
  /** Processor time of the whole process for one judgement. */
  readonly milliseconds: number;
}

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    limit: { type: "string", default: "200000" },
    /** Seconds until a thread is ended. */
    watchdog: { type: "string", default: "30" },
    /** Processor time in milliseconds above which a judgement is printed as a finding. */
    bound: { type: "string", default: "2000" },
    kind: { type: "string", default: "both" },
    out: { type: "string" },
    replay: { type: "string" },
  },
});

const limit = Number(options.limit);
const bound = Number(options.bound);
await using judge = await createJudge({
  workers: 1,
  limits: { watchdogMilliseconds: Number(options.watchdog) * 1000, cacheMax: 1 },
});

async function evaluate(subject: Genome): Promise<Finding> {
  const text =
    subject.kind === "script" ? renderScript(subject.genome) : renderIntent(subject.genome);
  const bytes = new TextEncoder().encode(text);
  const payload: JudgePayload =
    subject.kind === "script"
      ? { type: "theorem", script: bytes }
      : { type: "publish", source: bytes };
  const start = process.cpuUsage();
  const judgement = await judge.check(payload, { resourceLimit: limit });
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  switch (judgement.type) {
    case "judged":
      return { subject, text, outcome: judgement.verdict, units: judgement.resource, milliseconds };
    case "rejected": {
      const outcome = `rejected ${judgement.diagnostics[0]?.code ?? ""}`;
      return { subject, text, outcome, units: 0, milliseconds };
    }
    default: {
      // Let the next thread start before anything is measured on it.
      await judge.check({ type: "theorem", script: new Uint8Array() });
      const outcome = `abstained ${judgement.reason}`;
      return { subject, text, outcome, units: 0, milliseconds };
    }
  }
}

function cellOf(subject: Genome): string {
  if (subject.kind === "intent") {
    const { operators, effects, verifies } = subject.genome;
    return `intent ${operators[0] ?? 0} ${effects > 3 ? "effects" : ""} ${verifies > 3 ? "verifies" : ""}`;
  }
  return subject.genome.layers
    .map(({ theory, form }) => `${theory}${form}`)
    .slice(0, 2)
    .join(" ");
}

function offspring(
  random: RandomSource,
  archive: readonly Finding[],
  kind: "script" | "intent",
): Genome {
  const parents = archive.filter(({ subject }) => subject.kind === kind);
  if (parents.length < 4 || random.chance(10)) {
    return kind === "script"
      ? { kind, genome: randomScript(random) }
      : { kind, genome: randomIntent(random) };
  }
  const [one, two] = [random.pick(parents).subject, random.pick(parents).subject];
  if (one.kind === "script" && two.kind === "script") {
    const genome = random.chance(15) ? crossScripts(random, one.genome, two.genome) : one.genome;
    return { kind: "script", genome: mutateScript(random, genome) };
  }
  if (one.kind === "intent" && two.kind === "intent") {
    const genome = random.chance(15) ? crossIntents(random, one.genome, two.genome) : one.genome;
    return { kind: "intent", genome: mutateIntent(random, genome) };
  }
  return one;
}

function line({ subject, outcome, units, milliseconds, text }: Finding): string {
  const perUnit = units === 0 ? "" : ` ${((milliseconds * 1000) / units).toFixed(1)} us/unit`;
  return `${milliseconds.toFixed(0)} ms, ${text.length} bytes, ${units} units${perUnit}, ${outcome}: ${cellOf(subject)}`;
}

function record(finding: Finding): void {
  if (options.out === undefined) return;
  const { subject, outcome, units, milliseconds, text } = finding;
  const row = {
    subject,
    outcome,
    units,
    milliseconds,
    bytes: text.length,
    text: text.slice(0, 20_000),
  };
  appendFileSync(options.out, `${JSON.stringify(row)}\n`);
}

async function search(): Promise<void> {
  const end = performance.now() + Number(options.minutes) * 60_000;
  const best = new Map<string, Finding>();
  const outcomes = new Map<string, number>();
  const beyond: Finding[] = [];
  let evaluated = 0;
  for (; performance.now() < end; evaluated++) {
    const random = createRandom(Number(options.seed), evaluated);
    const kinds = options.kind === "both" ? (["script", "script", "intent"] as const) : undefined;
    const kind = kinds === undefined ? (options.kind as "script" | "intent") : random.pick(kinds);
    const finding = await evaluate(offspring(random, [...best.values()], kind));
    outcomes.set(finding.outcome, (outcomes.get(finding.outcome) ?? 0) + 1);
    const abstained = finding.outcome.startsWith("abstained");
    if (abstained || finding.milliseconds > bound) {
      beyond.push(finding);
      record(finding);
      console.log(`beyond: ${line(finding)}`);
    }
    const cell = cellOf(finding.subject);
    // What is refused costs nothing more, however large it is.
    if (finding.outcome.startsWith("rejected") && finding.milliseconds < 200) continue;
    if (finding.milliseconds > (best.get(cell)?.milliseconds ?? 0)) best.set(cell, finding);
  }
  const sorted = [...best.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
  const greedy = sorted
    .filter(({ units, milliseconds }) => units > 0 && milliseconds > 100)
    .toSorted((a, b) => b.milliseconds / b.units - a.milliseconds / a.units);
  console.log(`${evaluated} judged in ${best.size} kinds:`, Object.fromEntries(outcomes));
  console.log(`${beyond.length} beyond ${bound} ms or abstained`);
  console.log("slowest:");
  for (const finding of sorted.slice(0, 15)) console.log(`  ${line(finding)}`);
  console.log("slowest for their units, over 100 ms:");
  for (const finding of greedy.slice(0, 10)) console.log(`  ${line(finding)}`);
  for (const finding of sorted.slice(0, 15)) record(finding);
}

async function replay(file: string): Promise<void> {
  for (const row of readFileSync(file, "utf8").trim().split("\n")) {
    const { subject, milliseconds } = JSON.parse(row) as { subject: Genome; milliseconds: number };
    console.log(`${line(await evaluate(subject))} (was ${milliseconds.toFixed(0)} ms)`);
  }
}

// Compiled code is part of no finding.
for (let index = 0; index < 6; index++) {
  const random = createRandom(0, index);
  await evaluate({ kind: "script", genome: randomScript(random) });
  await evaluate({ kind: "intent", genome: randomIntent(random) });
}
await (options.replay === undefined ? search() : replay(options.replay));
