/**
 * Breaks the sources of a package, one change at a time, and runs its tests.
 *
 *     npm run mutation -- --package ledger --count 1200 --seed 1 --state mutation.jsonl
 *
 * Without `--package`, that is pbft.
 * A line of the state file for each mutant that was tried; a run that is broken off goes on where it
 * was. A mutant is killed by a test that fails within `--seconds` (60, of the processor), or by
 * hanging. With `--hurry` properties have a tenth of their runs, and who survives that is `late`:
 * a quick first round. `--again late` tries once more what ended so, also `survived` and `unexecuted`; `--only`
 * and `--file` try a part; `--report` tries nothing. `mutation/survivors.md` of the package, where there
 * is one, explains who lives on.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allMutants, drawMutants, type Mutant } from "./mutants.ts";
import { describeTrials } from "./report.ts";
import { HURRY, isExecuted, runSound, type SoundTest } from "./sound-run.ts";
import { inOrder, readTrials, type Trial, writeTrial } from "./trials.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const { values } = parseArgs({
  options: {
    package: { type: "string", default: "pbft" },
    count: { type: "string", default: "1200" },
    seed: { type: "string", default: "1" },
    state: { type: "string", default: "mutation.jsonl" },
    seconds: { type: "string", default: "60" },
    hurry: { type: "boolean", default: false },
    minutes: { type: "string", default: "1200" },
    jobs: { type: "string", default: "2" },
    file: { type: "string", multiple: true, default: [] },
    only: { type: "string", multiple: true, default: [] },
    again: { type: "string", multiple: true, default: [] },
    report: { type: "boolean", default: false },
  },
});

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const root = path.join(repository, "packages", values.package);
if (!existsSync(path.join(root, "src"))) throw new Error(`no package at ${root}: see --package`);
const trials = readTrials(values.state);
if (!values.report) await tryAll();
const all = allMutants(root);
const survivors = path.join(root, "mutation", "survivors.md");
const explained = existsSync(survivors) ? readFileSync(survivors, "utf8") : "";
process.stdout.write(describeTrials({ all, drawn: drawn(root), trials, explained }));

function drawn(from: string): readonly Mutant[] {
  return drawMutants(allMutants(from), Number(values.count), Number(values.seed));
}

function isWanted({ id, file }: Mutant): boolean {
  const verdict = trials.get(id)?.verdict;
  if (values.only.length > 0) return values.only.includes(id);
  if (values.file.length > 0 && !values.file.some((part) => file.includes(part))) return false;
  return verdict === undefined || values.again.includes(verdict);
}

async function tryAll(): Promise<void> {
  const end = Date.now() + Number(values.minutes) * 60_000;
  using stack = new DisposableStack();
  const workshops = Array.from({ length: Number(values.jobs) }, () =>
    stack.use(openWorkshop(repository, values.package)),
  );
  const sound = await runSound(workshops, `${values.state}.sound.json`);
  // What the copies hold is tried, whatever becomes of the sources meanwhile.
  const isKnown = ({ id }: Mutant): number => (trials.has(id) ? 1 : 0);
  const wanted = drawn(workshops[0]?.home ?? root)
    .filter(isWanted)
    .toSorted((left, right) => isKnown(left) - isKnown(right));
  const total = wanted.length;
  await Promise.all(
    workshops.map(async (workshop) => {
      while (Date.now() < end) {
        const mutant = wanted.shift();
        if (mutant === undefined) return;
        const trial = await tryOne(workshop, mutant, sound);
        trials.set(trial.id, trial);
        writeTrial(values.state, trial);
        const { verdict, ms, file, line, by } = trial;
        const place = `${total - wanted.length}/${total}`;
        const text = `${verdict} ${Math.round(ms / 1_000)} s ${file}:${line} ${by ?? ""}`;
        process.stderr.write(`${place} ${text}\n`);
      }
    }),
  );
}

async function tryOne(
  workshop: Workshop,
  mutant: Mutant,
  sound: readonly SoundTest[],
): Promise<Trial> {
  const { id, file, of, line, operator, original, replacement, start, end } = mutant;
  const about = { id, file, of, line, operator, original, replacement };
  const executing = sound.filter((each) => isExecuted(mutant, each));
  if (executing.length === 0) return { ...about, verdict: "unexecuted", ms: 0 };
  const tests = inOrder(mutant, executing, trials.values()).map(({ test }) => test);
  const broken = path.join(workshop.home, file);
  const source = readFileSync(broken, "utf8");
  writeFileSync(broken, source.slice(0, start) + replacement + source.slice(end));
  try {
    const whole = executing.filter(({ canHurry }) => !canHurry).map(({ test }) => test);
    const hurry = values.hurry ? { hurry: HURRY, whole } : {};
    const limitMs = Number(values.seconds) * 1_000;
    const { verdict, test: by, ms } = await workshop.run({ tests, ...hurry }, limitMs);
    const isOpen = verdict === "survived" && values.hurry;
    return {
      ...about,
      verdict: isOpen ? "late" : verdict,
      ...(by === undefined ? {} : { by }),
      ms,
    };
  } finally {
    writeFileSync(broken, source);
  }
}
