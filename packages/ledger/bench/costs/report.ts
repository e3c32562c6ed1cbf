import { median, printFigure, printPlace, sized } from "@aethel/bench";
import { contractOperations } from "./contract-operations.ts";
import type { BlockCost } from "./measure.ts";
import { operations } from "./operations.ts";
import { describeRecipe, LITTLE_OF_ALL, SEEDS } from "./recipe.ts";
import {
  dearest,
  type Measure,
  perBlock,
  perToken,
  perUnit,
  search,
  type Tried,
  tryRecipe,
} from "./search.ts";
import { createSetting, type Setting } from "./setting.ts";

const ROUNDS = sized(9, 3);
const ACCOUNTS = sized(200_000, 500);
/** `--tries 200` searches longer. */
const TRIES = Number(/--tries (\d+)/.exec(process.argv.join(" "))?.[1] ?? sized(30, 1));
/** Blocks of the dearest recipes that are prepared and measured again. */
const AGAIN = sized(3, 1);
const TIMES = sized(5, 1);

/** Prints all of it: operations first, unless `--blocks` asks for the search alone. */
export async function report(): Promise<void> {
  printPlace("Costs: nanoseconds of one core for each unit of execution");
  if (!process.argv.includes("--blocks")) printOperations();
  await printBlocks();
}

/** Searches, then measures the dearest again: the dearest of many is also the unluckiest. */
async function printBlocks(): Promise<void> {
  const setting = createSetting(ACCOUNTS);
  const { blockUnitsMax } = setting.first.parameters;
  console.log("\nFull blocks, checked and executed and rooted by a voter with cold caches");
  const begun = performance.now();
  const seeds = sized(SEEDS, [LITTLE_OF_ALL]);
  const options = { seeds, random: Math.ceil(TRIES / 2), guided: TRIES, seed: 7 };
  const tried = await search(setting, options);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(`${tried.length} recipes of ${blockUnitsMax} units tried in ${seconds} s`);
  show("Dearest blocks, once each", dearest(tried, perBlock), [perBlock, "ms"]);
  show("Dearest for a unit", dearest(tried, perUnit), [perUnit, "ns"]);
  show("Dearest for a token", dearest(tried, perToken), [perToken, "ms"]);
  await printAgain(setting, dearest(tried, perBlock).slice(0, AGAIN));
  console.log(`\n${MISSING}`);
}

/** Parts of a voter's work on a block that no recipe has. */
const MISSING = `Not included: the Judge, which has a budget of its own; reading the state from a disk;
more than a thousand voters; unjailing; writing the block once it is final.`;

function show(title: string, sorted: readonly Tried[], by: readonly [Measure, string]): void {
  console.log(`\n${title}`);
  const [measure, unit] = by;
  for (const one of sorted.slice(0, 5)) {
    console.log(
      `${measure(one.cost).toFixed(0).padStart(6)} ${unit}  ${describeRecipe(one.recipe)}`,
    );
  }
}

async function printAgain(setting: Setting, best: readonly Tried[]): Promise<void> {
  console.log(`\nThe dearest, prepared and measured ${TIMES} times more`);
  for (const { recipe } of best) {
    const costs: BlockCost[] = [];
    for (let turn = 0; turn < TIMES; turn++) {
      const again = await tryRecipe(setting, recipe);
      if (again !== undefined) costs.push(again.cost);
    }
    const [cost] = costs;
    if (cost === undefined) throw new Error("a recipe that made a block makes none");
    console.log(describeRecipe(recipe));
    const { milliseconds: _, fees, ...contents } = cost;
    const parts = Object.entries(contents).map(([name, count]) => `${count} ${name}`);
    console.log(`  ${parts.join(", ")}, ${(Number(fees) / 1_000_000).toFixed(1)} tokens`);
    const value = (measure: Measure, digits: number): string =>
      median(costs.map(measure)).toFixed(digits);
    const target = "<= 1,000 ms";
    printFigure({ name: "  time of the block", value: `${value(perBlock, 0)} ms`, target });
    printFigure({ name: "  for a unit", value: `${value(perUnit, 0)} ns` });
    printFigure({ name: "  for a token", value: `${value(perToken, 0)} ms` });
  }
}

function printOperations(): void {
  const found = [...operations(), ...contractOperations()].map(
    ({ name, isCheapForm = false, prepare }) => {
      const rounds = Array.from({ length: ROUNDS }, (_, round) => {
        const run = prepare(round);
        const before = process.cpuUsage();
        const units = run();
        const { user, system } = process.cpuUsage(before);
        return ((user + system) * 1_000) / units;
      });
      // The first is compiled on the way.
      return { name, isCheapForm, perUnit: median(rounds.slice(2)) };
    },
  );
  for (const { name, isCheapForm, perUnit } of found.toSorted((a, b) => b.perUnit - a.perUnit)) {
    const shown = isCheapForm ? `${name} (cheap form)` : name;
    printFigure({ name: shown, value: `${perUnit.toFixed(1)} ns` });
  }
  const all = found.flatMap(({ isCheapForm, perUnit }) => (isCheapForm ? [] : [perUnit]));
  const ratio = (Math.max(...all) / Math.min(...all)).toFixed(1);
  printFigure({ name: "dearest over cheapest", value: `${ratio} x`, target: "<= 4 x" });
}
