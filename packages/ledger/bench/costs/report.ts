import { median, printFigure, printPlace } from "@aethel/bench";
import { createChain, PARAMETERS } from "../chain.ts";
import { operations } from "./operations.ts";
import { describeRecipe } from "./recipe.ts";
import { dearest, type Measure, perBlock, perToken, search, type Tried } from "./search.ts";

const ROUNDS = 9;
const ACCOUNTS = 200_000;
/** Units of a block of a new chain. */
const WHOLE = PARAMETERS.blockUnitsMax;
/** `--tries 200` searches longer. */
const TRIES = Number(/--tries (\d+)/.exec(process.argv.join(" "))?.[1] ?? 60);

/** Prints all of it: operations first, unless `--blocks` asks for the search alone. */
export async function report(): Promise<void> {
  printPlace("Costs: nanoseconds of one core for each unit of execution");
  if (!process.argv.includes("--blocks")) printOperations();
  await printBlocks();
}

/** Blocks have the least size that a chain may choose here; times are for the default one. */
async function printBlocks(): Promise<void> {
  const units = 4_000_000;
  const on = createChain({ accounts: ACCOUNTS, senders: 1, parameters: { blockUnitsMax: units } });
  console.log("\nFull blocks, checked and executed and rooted by a voter with cold caches");
  const begun = performance.now();
  const tried = await search(on, { random: TRIES / 2, guided: TRIES, seed: 7 });
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(`${tried.length} recipes tried in ${seconds} s; extrapolated to ${WHOLE} units`);
  const whole = WHOLE / units;
  const show = (measure: Measure, unit: string, factor: number): void => {
    for (const one of dearest(tried, measure).slice(0, 5)) {
      const value = `${(measure(one.cost) * factor).toFixed(0)} ${unit}`;
      printFigure({ name: nameOf(one), value });
    }
  };
  console.log("\nDearest for a block's units");
  show(perBlock, "ms", whole);
  console.log("\nDearest for a token");
  show(perToken, "ms/token", 1);
}

function nameOf({ recipe, cost }: Tried): string {
  return `${describeRecipe(recipe)}: ${cost.proofs} proofs`;
}

function printOperations(): void {
  const found = operations().map(({ name, isCheapForm = false, prepare }) => {
    const rounds = Array.from({ length: ROUNDS }, (_, round) => {
      const run = prepare(round);
      const before = process.cpuUsage();
      const units = run();
      const { user, system } = process.cpuUsage(before);
      return ((user + system) * 1_000) / units;
    });
    // The first is compiled on the way.
    return { name, isCheapForm, perUnit: median(rounds.slice(2)) };
  });
  for (const { name, isCheapForm, perUnit } of found.toSorted((a, b) => b.perUnit - a.perUnit)) {
    const shown = isCheapForm ? `${name} (cheap form)` : name;
    printFigure({ name: shown, value: `${perUnit.toFixed(1)} ns` });
  }
  const all = found.flatMap(({ isCheapForm, perUnit }) => (isCheapForm ? [] : [perUnit]));
  const ratio = (Math.max(...all) / Math.min(...all)).toFixed(1);
  printFigure({ name: "dearest over cheapest", value: `${ratio} x`, target: "<= 4 x" });
}
