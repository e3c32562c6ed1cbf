import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompiledIntent } from "../../src/intent/compiled/compile.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { compileAll } from "../intent/prove.ts";
import { type Score, scores, survivors } from "./explained.ts";
import { type Fate, fateOf } from "./judge-mutant.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { renderMutation } from "./render-mutation.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** In the normal run each so-many-th mutant of each intent is judged, and all of its signers. */
const STRIDE = 20;

const library = new URL("../../library/", import.meta.url);
const intents = ["./", "assets/"].flatMap((folder) =>
  readdirSync(new URL(folder, library))
    .filter((file) => file.endsWith(".ae"))
    .toSorted((left, right) => (left < right ? -1 : 1))
    .flatMap((file) => compileAll(readFileSync(new URL(`${folder}${file}`, library), "utf8"))),
);

interface Judged {
  readonly intent: CompiledIntent;
  readonly mutant: Mutant;
  readonly fate: Fate;
}

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

function judgeAll(stride: number): readonly Judged[] {
  return intents.flatMap((intent) =>
    mutantsOf(intent)
      .filter(({ change }, at) => at % stride === 0 || /need not sign|signs in place/.test(change))
      .map((mutant) => ({ intent, mutant, fate: fateOf(z3, intent, mutant) })),
  );
}

function scoreOf(name: string, judged: readonly Judged[]): Score {
  const count = (target: Mutant["target"], fate: Fate): number =>
    judged.filter(
      (one) => one.intent.name === name && one.mutant.target === target && one.fate === fate,
    ).length;
  return {
    intent: name,
    refuted: count("program", "refuted"),
    undecided: count("program", "undecided"),
    harmless: count("program", "harmless"),
    survived: count("program", "survived"),
    claimsRefuted: count("claim", "refuted"),
    claimsTrue: count("claim", "true-claim"),
  };
}

describe("wrong variants of the library", () => {
  test(`the Judge refutes every one that is wrong (${isSlow ? "all" : `each ${STRIDE}th`})`, () => {
    const judged = judgeAll(isSlow ? 1 : STRIDE);

    const key = ({
      intent,
      change,
    }: {
      readonly intent: string;
      readonly change: string;
    }): string => `${intent}: ${change}`;
    const named = (fate: Fate): readonly string[] =>
      judged
        .filter((one) => one.fate === fate)
        .map(({ intent, mutant }) => key({ intent: intent.name, change: mutant.change }));
    const found = judged.map((one) => scoreOf(one.intent.name, judged));
    const refuted = named("refuted").length;
    const wrong = refuted + named("undecided").length + named("survived").length;
    console.info(`mutants: ${judged.length}, wrong: ${wrong}, refuted: ${refuted}`);
    expect(named("unsound")).toEqual([]);
    expect(named("undecided")).toEqual([]);
    const explained = survivors.map(key);
    expect(named("survived").filter((one) => !explained.includes(one))).toEqual([]);
    expect(refuted).toBeGreaterThan(judged.length / 2);
    if (!isSlow) return;
    expect(named("survived").toSorted()).toEqual(explained.toSorted());
    const unique = intents.map(({ name }) => found.find((one) => one.intent === name));
    expect(unique).toEqual(scores);
  }, 1_800_000);

  test("docs/mutation.md says what was counted, and explains each survivor", async () => {
    await expect(renderMutation(scores, survivors)).toMatchFileSnapshot("../../docs/mutation.md");
  });
});
