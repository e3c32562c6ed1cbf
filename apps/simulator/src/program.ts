import { natural, positive } from "@aethel/terminal";
import { Command } from "commander";
import { explore } from "./commands/explore.ts";
import { floor } from "./commands/floor.ts";
import { replay } from "./commands/replay.ts";
import { run } from "./commands/run.ts";
import { strategies } from "./commands/strategies.ts";
import { worst } from "./commands/worst.ts";
import { addEconomics } from "./economics/economics.ts";
import { nameOf, namesOf, positives, span } from "./flags/option-values.ts";
import { APPLICATIONS, addWorldFlags, STRATEGY_NAMES } from "./flags/world-flags.ts";
import { fuzz } from "./fuzz/fuzz.ts";
import { fuzzTinyBounds } from "./fuzz/tiny-bounds.ts";
import { describeComplaint } from "./output/failure.ts";
import { ALONE, type ProgramOutput, type Surroundings } from "./output/program-output.ts";
import { AXIS_NAMES, parseAxis } from "./sweep/axes.ts";
import { type SweepFlags, sweep } from "./sweep/sweep.ts";

/**
 * Creates the program `aethel-sim`. A command calls `output.finish` with its exit code, or throws
 * an error for `describeFailure`.
 */
export function createProgram(output: ProgramOutput, surroundings: Surroundings = ALONE): Command {
  const program = new Command("aethel-sim")
    .description("Production replicas and ledger of Aethel in a virtual world, from a seed")
    .configureOutput({ outputError: (text, write) => write(describeComplaint(text)) })
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  addRun(program, output, surroundings);
  addFuzz(program, output, surroundings);
  addSweep(program, output, surroundings);
  addReplay(program, output);
  addExplore(program, output);
  addStrategies(program, output, surroundings);
  addWorst(program, output, surroundings);
  addFloor(program, output, surroundings);
  addEconomics(program, output);
  return program;
}

const EXAMPLES = `
For example, at the root of the repository:
  npm run sim -- run --nodes 10 --byzantine 3
  npm run sim -- fuzz --minutes 10
  npm run sim -- sweep --vary latency=20,100,300
`;

const EXIT = "\nExit: 0 nothing violated, 1 violated, 2 wrong usage, 130 interrupted.";

function addRun(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  const command = program
    .command("run")
    .description("run a world for a virtual time, then end its faults and require progress");
  addWorldFlags(command, { nodes: 10, byzantine: 3, application: "ledger" })
    .option("--seed <n>", "seed of everything random", natural, 1)
    .option("--minutes <n>", "virtual minutes", span, 1)
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXIT)
    .action(async (options) => output.finish(await run(options, output.write, surroundings)));
}

function addFuzz(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  program
    .command("fuzz")
    .description("run random worlds until one violates a property")
    .option(
      "--runs <n>",
      "number of worlds (default: 100, or as many as fit into --minutes)",
      natural,
    )
    .option("--minutes <n>", "real minutes after which no further world begins", span)
    .option("--seed <n>", "seed of the first world; later ones count up", natural, 1)
    .option("--nodes-max <n>", "most nodes of a world", natural, 7)
    .option("--faults-ms <ms>", "virtual time in which faults happen", natural, 15_000)
    .option(
      "--application <name>",
      "ledger, ledger with contracts, or the light counter",
      nameOf(APPLICATIONS),
      "counter",
    )
    .option("--jobs <n>", "threads (default: one for each processor)", natural)
    .option("--shrink <n>", "worlds to try for shrinking a failing one; 0: none", natural, 80)
    .option(
      "--tiny-bounds",
      "random ledgers without a network, with bounds of 2 to 8 instead of thousands",
    )
    .addHelpText("after", EXIT)
    .action(async (options) => {
      const run = options.tinyBounds === true ? fuzzTinyBounds : fuzz;
      output.finish(await run(options, output.write, surroundings));
    });
}

function addSweep(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  const command = program
    .command("sweep")
    .description("vary one or two options of a world, and measure the effect")
    .option(
      "--vary <option=values>",
      `option and its values by commas, at most two options; one of ${AXIS_NAMES.join(", ")}`,
      parseAxis,
    )
    .option("--seeds <n>", "number of worlds for each point", positive, 5)
    .option("--seconds <n>", "virtual seconds of each world", span, 60)
    .option("--seed <n>", "seed of the first world of each point; later ones count up", natural, 1)
    .option("--csv <file>", "write a line for each world to this file")
    .option("--svg <folder>", "write the charts to this folder")
    .option("--json", "print the points as JSON")
    .option("--jobs <n>", "threads (default: one for each processor)", positive);
  addWorldFlags(command, { nodes: 4, byzantine: 0, application: "counter" })
    .addHelpText("after", `${EXIT}\nProgress is measured, not required: see \`run\` and \`fuzz\`.`)
    .action(async (options: SweepFlags, own: Command) => {
      for (const { name } of options.vary ?? []) {
        if (own.getOptionValueSource(name) !== "cli") continue;
        own.error(`--${name} is varied by --vary: leave it out`, { exitCode: 2 });
      }
      output.finish(await sweep(options, output.write, surroundings));
    });
}

function addReplay(program: Command, output: ProgramOutput): void {
  program
    .command("replay")
    .description("run a world that a violation printed, with its trace")
    .argument("<world>", "printed JSON")
    .option("--lines <n>", "number of last lines of the trace to print", natural, 100)
    .addHelpText("after", EXIT)
    .action(async (world: string, options) =>
      output.finish(await replay({ world, ...options }, output.write)),
    );
}

function addExplore(program: Command, output: ProgramOutput): void {
  program
    .command("explore")
    .description(
      "explore all executions of four nodes in a few views: the model completely, engines up to a bound",
    )
    .option("--states <n>", "most states of real engines in each scope", natural, 2_000)
    .option(
      "--model-states <n>",
      "classes of states after which the search of the model stops",
      natural,
    )
    .option("--seed <n>", "seed of the order of the search", natural, 1)
    .option(
      "--full",
      "explore the model further, for minutes: views 0 to 4, and every order of leaders",
    )
    .action(async (options) => output.finish(await explore(options, output.write)));
}

function addStrategies(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  program
    .command("strategies")
    .description("measure the throughput under each Byzantine strategy (B3)")
    .option("--seconds <n>", "virtual seconds, after a warm-up of as many up to 20", span, 60)
    .option(
      "--application <name>",
      "ledger, ledger with contracts, or the light counter",
      nameOf(APPLICATIONS),
      "counter",
    )
    .option("--seed <n>", "seed of everything random", natural, 3)
    .option("--nodes <sizes>", "numbers of nodes, by commas", positives, [4, 7, 10])
    .option("--strategies <names>", "strategies, by commas (default: all)", namesOf(STRATEGY_NAMES))
    .addHelpText("after", `${EXIT}\nViolated: a strategy leaves less than the floor.`)
    .action(async (options) =>
      output.finish(await strategies(options, output.write, surroundings)),
    );
}

function addWorst(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  program
    .command("worst")
    .description("search for the attack of a Byzantine minority that costs most throughput")
    .option("--nodes <n>", "nodes, of which the most below a third are Byzantine", positive, 4)
    .option("--tries <n>", "attacks to try", positive, 200)
    .option("--minutes <n>", "real minutes after which no further try begins", span)
    .option("--seconds <n>", "virtual seconds of each try", span, 30)
    .option("--seed <n>", "seed of everything random", natural, 1)
    .option("--latency <ms>", "least one-way delay", natural, 20)
    .option("--jitter <ms>", "largest delay added to it", natural, 10)
    .option("--slow-judging <ms>", "additional time to verify every third block", natural, 0)
    .option("--confirm <n>", "number of the worst attacks that are measured again", natural, 3)
    .addHelpText("after", EXIT)
    .action(async (options) => output.finish(await worst(options, output.write, surroundings)));
}

function addFloor(program: Command, output: ProgramOutput, surroundings: Surroundings): void {
  program
    .command("floor")
    .description(
      "compare random Byzantine minorities with the same nodes crashed: none may cost more",
    )
    .option("--runs <n>", "number of worlds", positive, 50)
    .option("--seed <n>", "seed of the first world; later ones count up", natural, 1)
    .option("--jobs <n>", "threads (default: one for each processor)", positive)
    .addHelpText("after", EXIT)
    .action(async (options) => output.finish(await floor(options, output.write, surroundings)));
}
