/**
 * Breaks the sources of this package, one change at a time, and runs its tests.
 *
 *     npm run mutation -- --count 1200 --seed 1 --state mutation.jsonl
 *
 * A line of the state file for each mutant that was tried; a run that is broken off goes on where it
 * was. `--report` only prints what the file says. A mutant is killed by a test that fails within
 * `--seconds` (60), or by hanging.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allMutants, drawMutants, type Mutant, SAFETY_FILES } from "./mutants.ts";
import { type Outcome, openWorkshop, type Workshop } from "./workshop.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1200" },
    seed: { type: "string", default: "1" },
    state: { type: "string", default: "mutation.jsonl" },
    seconds: { type: "string", default: "60" },
    minutes: { type: "string", default: "1200" },
    file: { type: "string", multiple: true, default: [] },
    report: { type: "boolean", default: false },
  },
});

/** Outcome for one mutant. */
interface Trial
  extends Pick<Mutant, "id" | "file" | "line" | "operator" | "original" | "replacement"> {
  readonly verdict: Outcome["verdict"];
  readonly by: readonly string[];
  readonly ms: number;
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const limitMs = Number(values.seconds) * 1_000;
/** Test files that killed most, tried before all others. */
const QUICK = 10;

const trials = new Map(readTrials().map((trial) => [trial.id, trial]));
const all = allMutants(root);
const drawn = drawMutants(all, Number(values.count), Number(values.seed)).filter(
  ({ file }) => values.file.length === 0 || values.file.some((part) => file.includes(part)),
);
if (!values.report) await tryAll();
report();

function readTrials(): readonly Trial[] {
  if (!existsSync(values.state)) return [];
  const lines = readFileSync(values.state, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Trial => JSON.parse(line));
}

async function tryAll(): Promise<void> {
  const end = Date.now() + Number(values.minutes) * 60_000;
  using workshop = openWorkshop(path.resolve(root, "../.."), "pbft");
  const isFirst = trials.size === 0;
  const sound = await workshop.run(isFirst ? testFiles() : testFiles().slice(0, QUICK), 1_800_000);
  if (sound.verdict !== "survived") {
    throw new Error(
      `the tests fail without any mutant: ${sound.verdict} ${sound.tests.join(", ")}`,
    );
  }
  for (const [at, mutant] of drawn.entries()) {
    if (trials.has(mutant.id)) continue;
    if (Date.now() > end) return;
    const { verdict, tests, ms } = await tryOne(workshop, mutant);
    const { id, file, line, operator, original, replacement } = mutant;
    const trial = { id, file, line, operator, original, replacement, verdict, by: tests, ms };
    trials.set(id, trial);
    appendFileSync(values.state, `${JSON.stringify(trial)}\n`);
    process.stderr.write(
      `${at + 1}/${drawn.length} ${verdict} ${Math.round(ms / 1_000)} s ${file}:${line} ${tests.join(" ")}\n`,
    );
  }
}

async function tryOne(workshop: Workshop, mutant: Mutant): Promise<Outcome> {
  const file = path.join(workshop.home, mutant.file);
  const source = readFileSync(path.join(root, mutant.file), "utf8");
  writeFileSync(
    file,
    source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end),
  );
  try {
    const [quick, rest] = inOrder(mutant);
    const first = await workshop.run(quick, limitMs);
    if (first.verdict !== "survived" || rest.length === 0) return first;
    const second = await workshop.run(rest, Math.max(1_000, limitMs - first.ms));
    return { ...second, ms: first.ms + second.ms };
  } finally {
    writeFileSync(file, source);
  }
}

/** The files that killed mutants of the same file, then those that killed others, then the rest. */
function inOrder(mutant: Mutant): readonly [readonly string[], readonly string[]] {
  const kills = new Map<string, number>();
  for (const { by, file } of trials.values()) {
    for (const test of by)
      kills.set(test, (kills.get(test) ?? 0) + (file === mutant.file ? 20 : 1));
  }
  const files = testFiles().toSorted(
    (left, right) => (kills.get(right) ?? 0) - (kills.get(left) ?? 0),
  );
  return [files.slice(0, QUICK), files.slice(QUICK)];
}

function testFiles(): readonly string[] {
  return (
    readdirSync(path.join(root, "test"))
      .filter((name) => name.endsWith(".test.ts"))
      // As long as nothing was killed: examples before properties, which take longer.
      .toSorted((left, right) => Number(isSlow(left)) - Number(isSlow(right)))
      .map((name) => `test/${name}`)
  );
}

function isSlow(name: string): boolean {
  return name.includes(".property.") || name.includes("crash") || name.includes("worst");
}

function report(): void {
  const tried = drawn.flatMap(({ id }) => trials.get(id) ?? []);
  const killed = tried.filter(({ verdict }) => verdict === "killed" || verdict === "hung");
  const share = tried.length === 0 ? 0 : (100 * killed.length) / tried.length;
  const safe = tried.filter(({ file }) => SAFETY_FILES.includes(file));
  const lines = [
    `${all.length} mutants in src, ${drawn.length} drawn, ${tried.length} tried (${safe.length} of the safety files)`,
    `${killed.length} killed, ${share.toFixed(1)} %`,
    ...tried
      .filter((trial) => !killed.includes(trial))
      .map(
        ({ file, line, operator, original, replacement, verdict }) =>
          `${verdict} ${file}:${line} ${operator}: ${shown(original)} -> ${shown(replacement)}`,
      ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function shown(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
