import fc from "fast-check";
import { expect, test } from "vitest";
import { compileContract } from "../../../src/contract/compile-contract.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { WRITTEN } from "../differential/written-contracts.ts";
import { brokenPromises, provedPart } from "./broken-promises.ts";
import { EXIT_TRAPS } from "./exit-traps.ts";
import { explore } from "./explore.ts";
import { contractOf } from "./judged-contract.ts";
import { mutated } from "./mutate-source.ts";
import { unowedOf } from "./owed.ts";
import { RULE_TRAPS } from "./rule-traps.ts";
import { edited } from "./trap-sources.ts";
import { lossesOf } from "./worth.ts";

const SLOW = process.env["AETHEL_SLOW"] === "1";
const STEPS = 20_000;

/** Explores what can be reached in a small world, and returns each proved statement that is false. */
function falseStatements(source: string, seed: number): readonly string[] {
  const compiled = compileContract(source);
  if (compiled.type !== "contract") return [];
  const proved = provedPart(compiled.contract, STEPS);
  let state = seed >>> 0;
  const pick = (count: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const found = new Set<string>();
  const limits = { states: SLOW ? 2_000 : 60, edges: SLOW ? 20_000 : 800 };
  for (const edge of explore(proved.contract, limits, pick)) {
    for (const sentence of brokenPromises(proved, edge)) found.add(sentence);
    for (const sentence of lossesOf(proved, edge)) found.add(sentence);
    for (const sentence of unowedOf(proved, edge)) found.add(sentence);
    if (found.size > 0) break;
  }
  return [...found];
}

const traps = [...EXIT_TRAPS, ...RULE_TRAPS].flatMap(({ source, fault, repair }) => [
  edited(source, fault),
  edited(source, [...fault, ...repair]),
]);
const sources: readonly string[] = [...traps, ...WRITTEN.map(([, source]) => source)];

test("what is proved of a contract holds wherever it can be reached", () => {
  for (const source of SLOW ? sources : sources.filter((_, at) => at % 4 === 0)) {
    expect(falseStatements(source, 1), source).toEqual([]);
  }
});

test("holdings that no exit owes would be found", () => {
  const trap = RULE_TRAPS.find(({ name }) => name.startsWith("one exit of a scalar"));
  const source = edited(trap?.source ?? "", trap?.fault ?? []);
  const proved = provedPart(contractOf(source), STEPS);
  expect(proved.covered).toEqual([]);
  const edges = explore(proved.contract, { states: 60, edges: 800 }, () => 0);

  const found = [...edges].flatMap((edge) => unowedOf({ ...proved, covered: [""] }, edge));
  expect(found[0]).toMatch(/^after pledge \d of \[\] are held, \d owed$/);
});

const changed = fc
  .record({
    source: fc.constantFrom(...sources),
    picks: fc.array(fc.nat({ max: 2 ** 30 }), { minLength: 12, maxLength: 12 }),
    count: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ source, picks, count }) => {
    let at = 0;
    const pick = (most: number): number => (picks[at++ % picks.length] ?? 0) % Math.max(1, most);
    let text = source;
    for (let round = 0; round < count; round++) text = mutated(text, pick) ?? text;
    return text;
  });

test("what is proved of a contract with a small change holds wherever it can be reached", () => {
  fc.assert(
    fc.property(changed, fc.integer(), (source, seed) => {
      expect(falseStatements(source, seed)).toEqual([]);
    }),
    { numRuns: Number(process.env["AETHEL_RUNS"] ?? 12) },
  );
});

test("what is proved of a random contract holds wherever it can be reached", () => {
  fc.assert(
    fc.property(contracts.map(sourceOfContract), fc.integer(), (source, seed) => {
      expect(falseStatements(source, seed)).toEqual([]);
    }),
    { numRuns: Number(process.env["AETHEL_RUNS"] ?? 12) },
  );
});
