import { type GeneratedScript, generateAssertion, generateScript } from "./generate.ts";
import { pinned } from "./pin.ts";
import { createRandom, type RandomSource } from "./random-source.ts";
import { equivalences, type ScriptRewrite, strengthenings, weakenings } from "./rewrite-scripts.ts";
import { extended, printScript, type Script } from "./script.ts";
import type { Sexp } from "./sexp.ts";
import type { SolverAnswer, SolverClient } from "./solver-client.ts";
import type { TheoryName } from "./theories.ts";

/** A place where two answers cannot both be right: no oracle is needed to see it. */
export interface Contradiction {
  readonly relation: string;
  readonly first: Judged;
  readonly second: Judged;
}

/** A script and what was said of it. */
export interface Judged {
  readonly script: string;
  readonly answer: SolverAnswer;
}

/** Findings of one case. */
export interface CaseReport {
  readonly contradictions: readonly Contradiction[];
  readonly judged: readonly Judged[];
}

/** A script to start from: generated, or read where it lies. */
export interface Seed {
  readonly script: Script;
  /** Present when it was generated. */
  readonly generated?: GeneratedScript;
}

type Ask = (script: Script) => Promise<Judged>;

/**
 * One case: a script known to be satisfiable because it was built around values, and one known
 * not to be; scripts that say the same, less and more; and the answers that must fit together.
 */
export async function runCase(
  client: Pick<SolverClient, "ask">,
  where: {
    readonly seed: number;
    readonly index: number;
    readonly theory?: TheoryName | undefined;
  },
): Promise<CaseReport> {
  const random = createRandom(where.seed, where.index);
  const generated = generateScript(random, where.theory);
  const trace = createTrace(client);
  const satisfiable = await buildAround(generated, trace.ask, random);
  if (satisfiable === undefined) return trace.report();
  const witness = await trace.ask(extended(satisfiable, { assertions: generated.pins }));
  await examine({ script: satisfiable, generated }, { trace, random, witness });
  await examineContrary(satisfiable, { trace, random });
  return trace.report();
}

/** The same for a script that somebody else wrote, of which nothing is known. */
export async function runSeed(
  client: Pick<SolverClient, "ask">,
  seed: Script,
  random: RandomSource,
): Promise<CaseReport> {
  const trace = createTrace(client);
  await examine({ script: seed }, { trace, random });
  return trace.report();
}

interface Trace {
  readonly ask: Ask;
  readonly compare: (relation: string, pair: readonly [Judged, Judged], bad: Bad) => void;
  readonly report: () => CaseReport;
}

/** Verdicts that contradict each other, of the first and the second script. */
type Bad = readonly (readonly [SolverAnswer["verdict"], SolverAnswer["verdict"]])[];

const differ: Bad = [
  ["valid", "refuted"],
  ["refuted", "valid"],
];
const weaker: Bad = [["refuted", "valid"]];
const stronger: Bad = [["valid", "refuted"]];

function createTrace(client: Pick<SolverClient, "ask">): Trace {
  const judged: Judged[] = [];
  const contradictions: Contradiction[] = [];
  return {
    ask: async (script) => {
      const text = printScript(script);
      const entry = { script: text, answer: await client.ask(text) };
      judged.push(entry);
      return entry;
    },
    compare: (relation, [first, second], bad) => {
      const found = bad.some(
        ([left, right]) => first.answer.verdict === left && second.answer.verdict === right,
      );
      if (found) contradictions.push({ relation, first, second });
    },
    report: () => ({ contradictions, judged }),
  };
}

/** Chooses each assertion or its negation, so that all are true of the pinned values. */
async function buildAround(
  { script, pins }: GeneratedScript,
  ask: Ask,
  random: RandomSource,
): Promise<Script | undefined> {
  let chosen: readonly Sexp[] = [];
  for (const assertion of script.assertions) {
    const candidates: readonly Sexp[] = [assertion, ["not", assertion]];
    const [first, second] = random.chance(50) ? candidates : candidates.toReversed();
    if (first === undefined || second === undefined) continue;
    const attempt = extended({ ...script, assertions: [...chosen, first] }, { assertions: pins });
    const { answer } = await ask(attempt);
    if (answer.verdict === "refuted") chosen = [...chosen, first];
    else if (answer.verdict === "valid") chosen = [...chosen, second];
  }
  return chosen.length === 0 ? undefined : { ...script, assertions: chosen };
}

async function examine(
  { script, generated }: Seed,
  with_: { readonly trace: Trace; readonly random: RandomSource; readonly witness?: Judged },
): Promise<void> {
  const { trace, random, witness } = with_;
  const base = await trace.ask(script);
  if (witness !== undefined) trace.compare("a witness is known", [witness, base], weaker);
  const pins = pinned(script, base.answer.values);
  if (base.answer.verdict === "refuted" && pins.length > 0) {
    const again = await trace.ask(extended(script, { assertions: pins }));
    trace.compare("its own model is pinned", [base, again], weaker);
  }
  for (let count = 0; count < 2; count++) {
    const same = rewritten(script, equivalences, random, 1 + random.below(3));
    if (same === undefined) continue;
    const answer = await trace.ask(same.script);
    trace.compare(same.name, [base, answer], differ);
    if (witness !== undefined) trace.compare(`witness, ${same.name}`, [witness, answer], weaker);
  }
  const less = rewritten(script, weakenings, random, 1);
  if (less !== undefined) {
    trace.compare(less.name, [base, await trace.ask(less.script)], weaker);
  }
  const more =
    generated !== undefined && random.chance(50)
      ? extended(script, { assertions: [generateAssertion(generated, random)] })
      : rewritten(script, strengthenings, random, 1)?.script;
  if (more !== undefined) {
    trace.compare("a conjunct is added", [base, await trace.ask(more)], stronger);
  }
}

/** Asserts a script and the negation of the same, said otherwise: together they cannot hold. */
async function examineContrary(
  script: Script,
  { trace, random }: { readonly trace: Trace; readonly random: RandomSource },
): Promise<void> {
  const plain = equivalences.filter(({ name }) => termwise.has(name));
  const other = rewritten(script, plain, random, 2)?.script ?? script;
  const negation: Sexp = ["not", ["and", ...other.assertions, "true"]];
  const contrary = { ...other, assertions: random.shuffled([...script.assertions, negation]) };
  const judged = await trace.ask(contrary);
  const known: Judged = { script: "unsatisfiable by construction", answer: proved };
  trace.compare("asserted and denied", [known, judged], stronger);
}

/** Rewrites that keep every assertion equivalent by itself. */
const termwise = new Set([
  "rename bound names",
  "inline lets",
  "negate twice",
  "commute",
  "paraphrase",
]);

const proved: SolverAnswer = { verdict: "valid", detail: "", spent: 0, values: [] };

function rewritten(
  script: Script,
  rewrites: readonly ScriptRewrite[],
  random: RandomSource,
  times: number,
): { readonly script: Script; readonly name: string } | undefined {
  let result = script;
  const names: string[] = [];
  for (let count = 0; count < times; count++) {
    const { name, apply } = random.pick(rewrites);
    const next = apply(result, random);
    if (next === undefined) continue;
    result = next;
    names.push(name);
  }
  return names.length === 0 ? undefined : { script: result, name: names.join(", ") };
}
