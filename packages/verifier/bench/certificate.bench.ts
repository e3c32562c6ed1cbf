/**
 * The kernel against the Judge and against z3-solver: what checking a certificate takes, what
 * making one costs, and how intents of many accounts grow. `npm run bench -- verifier`.
 */
import {
  demandWork,
  interleave,
  median,
  medianOf,
  printFigure,
  printPlace,
  printSkipped,
  ratioOf,
  sized,
} from "@aethel/bench";
import { compileSource, obligationsOf, standardIntents } from "@aethel/verifier";
import { cutsOf } from "../src/intent/cuts/cuts.ts";
import { type Claim, certify } from "../src/kernel/index.ts";
import { findCertificate } from "../src/prover/index.ts";
import { certifier } from "../src/verdicts/certifier.ts";
import { judgePayload } from "../src/verdicts/judge-payload.ts";
import { createSolverInstance } from "../src/z3/installed/instance.ts";
import { createObligationRun, type Question } from "../src/z3/questions/obligation-run.ts";
import { payroll } from "../test/intent/many-accounts.ts";
import { freshIntents, intentScripts } from "./inputs.ts";
import { measureKernelInPage } from "./kernel-in-page.ts";
import { startPlainZ3 } from "./plain-z3.ts";

const times = (ratio: number): string => `${ratio.toFixed(1)} x`;
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

/**
 * Greatest number of receivers for which Z3 also judges the obligations without cuts. With 13
 * receivers that takes 20 s.
 */
const WHOLE_MAX = 10;

const plainQuestion = { kind: "lemma", observed: new Map() } as const;

/** Obligation of the standard library, with the certificate that the prover finds. */
interface Certified {
  readonly claim: Claim;
  readonly certificate: Uint8Array;
}

printPlace("Certificates");
const z3 = await createSolverInstance();
const library = certifiedLibrary();
benchChecks();
await benchAgainstOthers();
await benchProducing();
benchManyAccounts();
await benchPage();
process.exit();

function certifiedLibrary(): readonly Certified[] {
  return standardIntents().flatMap(({ source, privileged }) => {
    const compiled = compileSource(source, { privileged });
    const intents = compiled.ok ? compiled.intents : [];
    const claims = intents.flatMap(obligationsOf).filter((one) => one.kind !== "satisfiable");
    return claims.map(({ assumptions, goal }) => {
      const claim = { assumptions, goal };
      const found = findCertificate(claim);
      if (found.type === "none") throw new Error(`not certified: ${found.reason}`);
      return { claim, certificate: found.certificate };
    });
  });
}

/**
 * Throws if the kernel did not accept a certificate. Refusing takes less time than checking, so
 * timing a refusal would give a wrong measurement.
 */
function demandCertified({ type }: ReturnType<typeof certify>): void {
  if (type !== "certified") throw new Error(`a true certificate is refused: ${type}`);
}

/**
 * Checks the certificate of each obligation repeatedly. Prints the median over all obligations, the
 * time under which 99 % of them stay, and the sizes of the certificates.
 */
function benchChecks(): void {
  const samples = library.map((): number[] => []);
  for (let round = 0; round < sized(40, 11); round++) {
    for (const [at, { claim, certificate }] of library.entries()) {
      const begun = performance.now();
      demandCertified(certify(claim, certificate));
      // The first rounds are what an engine takes to compile.
      if (round >= 10) samples[at]?.push(performance.now() - begun);
    }
  }
  const each = samples.map(median).toSorted((left, right) => left - right);
  const name = `kernel: one certificate, of ${library.length} obligations of the library`;
  printFigure({ name, value: milliseconds(median(each)), target: "< 0.3 ms" });
  const late = each[Math.ceil(each.length * 0.99) - 1] ?? Number.NaN;
  printFigure({ name: "kernel: 99 % of them under", value: milliseconds(late), target: "< 2 ms" });
  const bytes = library.map(({ certificate }) => certificate.length);
  const sizes = `${median(bytes)} and ${Math.max(...bytes)} B`;
  printFigure({ name: "certificates: median and largest", value: sizes });
}

async function benchAgainstOthers(): Promise<void> {
  const plain = await startPlainZ3();
  const scripts = intentScripts();
  const timings = await interleave(
    [
      {
        name: "kernel",
        run: () => {
          for (const { claim, certificate } of library) {
            demandCertified(certify(claim, certificate));
          }
        },
      },
      { name: "judge", run: () => judgeAll() },
      {
        name: "plain",
        run: () => {
          for (const script of scripts) plain.evaluate(script);
        },
      },
    ],
    { rounds: 10, budgetMilliseconds: 30_000 },
  );
  for (const [slow, what] of [
    ["judge", "the Judge, certificates and all, takes"],
    ["plain", "z3-solver, low-level, takes"],
  ] as const) {
    const value = times(ratioOf(timings, { slow, fast: "kernel" }));
    printFigure({ name: `kernel: ${what}`, value });
  }
  await plain.close();
}

/** Compares the Judge with one whose prover finds nothing; the difference is the prover's part. */
async function benchProducing(): Promise<void> {
  const idle = { ...certifier, find: () => ({ type: "none", reason: "", steps: 0 }) as const };
  const timings = await interleave(
    [
      { name: "whole", run: () => judgeAll() },
      { name: "solver", run: () => judgeAll(idle) },
    ],
    { rounds: 12, budgetMilliseconds: 30_000 },
  );
  const whole = times(ratioOf(timings, { slow: "whole", fast: "solver" }));
  printFigure({ name: "judging with certificates, of judging without", value: whole });
  const cost = `${(100 * (medianOf(timings, "whole") / medianOf(timings, "solver") - 1)).toFixed(0)} %`;
  printFigure({
    name: "producing certificates costs, of judging",
    value: cost,
    target: "<= 150 %",
  });
}

function judgeAll(using = certifier): void {
  for (const payload of freshIntents()) {
    const { type } = judgePayload(z3, payload, 10_000_000, using);
    if (type !== "judged") throw new Error(`an intent of the library is ${type}`);
  }
}

/**
 * Measures obligations of intents in which one sender pays many receivers, who may all be the same
 * account. Prints the time of Z3 with and without cuts, of the prover and of the kernel.
 */
function benchManyAccounts(): void {
  for (const receivers of sized([4, 7, 10, 13, 14], [4])) {
    const [intent] = compileAll(payroll({ receivers }));
    const cuts = intent === undefined ? undefined : cutsOf(intent, 0);
    demandWork(`cuts of a payroll of ${receivers}`, cuts?.goals.length ?? 0);
    if (intent === undefined || cuts === undefined) continue;
    const name = `payroll of ${receivers}`;
    const claims = [...cuts.lemmas, ...cuts.goals.flatMap((cut) => cut ?? [])];
    const cut = timed(() => askZ3(claims.map((one) => ({ ...one, ...plainQuestion }))));
    printFigure({ name: `${name}: Z3, cut`, value: milliseconds(cut), target: "< 1000 ms" });
    const proofs: Uint8Array[] = [];
    const found = timed(() => {
      proofs.length = 0;
      for (const one of claims) {
        const search = findCertificate(one);
        if (search.type === "none") throw new Error(`not certified: ${search.reason}`);
        proofs.push(search.certificate);
      }
    });
    printFigure({ name: `${name}: prover`, value: milliseconds(found) });
    const checked = timed(() => {
      for (const [at, one] of claims.entries()) {
        demandCertified(certify(one, proofs[at] ?? new Uint8Array()));
      }
    });
    printFigure({ name: `${name}: kernel`, value: milliseconds(checked) });
    const bytes = proofs.reduce((sum, proof) => sum + proof.length, 0);
    printFigure({ name: `${name}: certificate`, value: `${bytes} B` });
    if (receivers > WHOLE_MAX) continue;
    const whole = timed(() => askZ3(obligationsOf(intent)));
    printFigure({ name: `${name}: Z3, whole`, value: milliseconds(whole) });
    const value = times(whole / checked);
    printFigure({ name: `${name}: kernel against Z3, whole`, value, target: ">= 20 x" });
  }
}

function askZ3(questions: readonly Question[]): void {
  z3.gauge.fill();
  const run = createObligationRun(z3);
  for (const one of questions) {
    const { type } = run.check(one, 40_000_000);
    if (type === "unknown") throw new Error("Z3 has no answer");
  }
}

function compileAll(source: string): ReturnType<typeof intentsOf> {
  return intentsOf(compileSource(source));
}

function intentsOf(compiled: ReturnType<typeof compileSource>) {
  return compiled.ok ? compiled.intents : [];
}

function timed(run: () => void): number {
  const rounds = sized([0, 1, 2], [0]).map(() => {
    const begun = performance.now();
    run();
    return performance.now() - begun;
  });
  return median(rounds);
}

async function benchPage(): Promise<void> {
  const [first] = library;
  if (first === undefined) return;
  const { gzippedBytes, firstCheckMilliseconds } = await measureKernelInPage(
    first.claim,
    first.certificate,
  );
  const size = `${(gzippedBytes / 1024).toFixed(1)} kB`;
  printFigure({ name: "kernel alone in a page, gzipped", value: size, target: "< 60 kB" });
  const name = "kernel in a page: loaded and first certificate checked";
  if (firstCheckMilliseconds === undefined) printSkipped(name, "no Chromium");
  else printFigure({ name, value: milliseconds(firstCheckMilliseconds), target: "< 50 ms" });
}
