import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import type { Obligation } from "../../src/obligation.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { compileAll } from "../intent/prove.ts";
import { mutantsOf } from "../mutation/mutants.ts";
import { checkObligation } from "../z3/check-obligation.ts";
import { kernelModules } from "./attacks/all-attacks.ts";
import { certificateOf } from "./attacks/attack.ts";
import { encodeCertificate, type Step } from "./hostile/certificate.ts";
import { applyStep, type Checker, loadChecker, openClaim } from "./hostile/checker.ts";
import { mutateBytes } from "./hostile/mutate-bytes.ts";
import { randomStep } from "./hostile/random-step.ts";
import { createRandom, type Random } from "./oracle/random.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** In the normal run each so-many-th mutant of each intent is tried. */
const STRIDE = isSlow ? 1 : 25;
/** Certificates of each kind for each false obligation. */
const TRIES = isSlow ? 200 : 20;

const library = new URL("../../library/", import.meta.url);
const intents = ["./", "assets/"].flatMap((folder) =>
  readdirSync(new URL(folder, library))
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .flatMap((file) => compileAll(readFileSync(new URL(`${folder}${file}`, library), "utf8"))),
);

let z3: SolverInstance;
let checker: Checker;
beforeAll(async () => {
  z3 = await createSolverInstance();
  checker = await loadChecker(kernelModules);
});

/** The obligations of an intent's mutants that Z3 refutes and the interpreter confirms. */
function falseObligations(intent: CompiledIntent): readonly Obligation[] {
  return mutantsOf(intent)
    .filter((_, at) => at % STRIDE === 0)
    .flatMap(({ source }) => {
      const compiled = compileSource(source, { privileged: true });
      const [mutant] = compiled.ok ? compiled.intents : [];
      if (mutant === undefined) return [];
      return obligationsOf(mutant).filter((one) => isFalse(mutant, one));
    });
}

function isFalse(intent: CompiledIntent, one: Obligation): boolean {
  if (one.kind === "satisfiable") return false;
  const answer = checkObligation(z3, one, 2_000_000);
  return answer.type === "sat" && confirmCounterexample(intent, one, answer.values) !== undefined;
}

/** Steps that fit the obligation, one after the other, as far as the kernel takes them. */
function generated(obligation: Obligation, random: Random): Uint8Array {
  const opened = openClaim(checker, obligation);
  const steps: Step[] = [];
  for (let count = 1 + random.below(8); count > 0; count--) {
    const step = randomStep(opened, random);
    steps.push(step);
    try {
      applyStep(checker, opened, step);
    } catch {
      break;
    }
  }
  return encodeCertificate(steps);
}

describe("mutants of the library", () => {
  test("no false obligation is certified, by whatever certificate", { timeout: 7_200_000 }, () => {
    const random = createRandom("library mutants");
    const borrowed = intents.map((intent) =>
      obligationsOf(intent).flatMap((one) => certificateOf(checker, one) ?? []),
    );
    const pool = borrowed.flat();
    let tried = 0;
    for (const [at, intent] of intents.entries()) {
      const own = borrowed[at] ?? [];
      for (const obligation of falseObligations(intent)) {
        const found = certificateOf(checker, obligation);
        const certificates = [
          ...(found === undefined ? [] : [found]),
          ...own,
          ...Array.from({ length: TRIES }, () => mutateBytes(random.pick(own), pool, random)),
          ...Array.from({ length: TRIES }, () => generated(obligation, random)),
        ];
        for (const certificate of certificates) {
          const { type } = checker.certify(obligation, certificate);
          if (type === "certified") expect([obligation.label, certificate]).toBe("refused");
        }
        tried++;
      }
    }
    console.info(`false obligations of the library's mutants: ${tried}`);
    expect(tried).toBeGreaterThan(isSlow ? 1_000 : 40);
    expect(pool.length).toBeGreaterThan(100);
  });
});
