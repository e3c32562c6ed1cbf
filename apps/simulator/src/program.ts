import { NotYetError } from "@aethel/models";
import { REGIONS, STRATEGIES } from "@aethel/testkit";
import { Command } from "commander";
import { addEconomics } from "./commands/economics.ts";
import { explore } from "./commands/explore.ts";
import { fuzz } from "./commands/fuzz.ts";
import { replay } from "./commands/replay.ts";
import { run } from "./commands/run.ts";
import { strategies } from "./commands/strategies.ts";
import { decimal, natural, naturals } from "./option-values.ts";
import type { ProgramOutput } from "./program-output.ts";

/** The command line. Each command ends with `finish`, or throws what `describeFailure` explains. */
export function createProgram(output: ProgramOutput): Command {
  const program = new Command("aethel-sim")
    .description("Production replicas and ledger of Aethel in a virtual world, from a seed")
    .exitOverride();
  addRun(program, output);
  addFuzz(program, output);
  addReplay(program, output);
  addExplore(program, output);
  addStrategies(program, output);
  addEconomics(program, output);
  for (const name of ["sweep"]) {
    program
      .command(name)
      .description("NOT_YET: not built yet")
      .allowUnknownOption()
      .action(() => {
        throw new NotYetError({ code: "NOT_YET", feature: `aethel-sim ${name}` });
      });
  }
  return program;
}

function addRun(program: Command, output: ProgramOutput): void {
  const names = STRATEGIES.map((strategy) => strategy.name).join(", ");
  program
    .command("run")
    .description("run one world for a virtual time, then heal it and demand progress")
    .option("--nodes <n>", "nodes, Byzantine ones included", natural, 10)
    .option("--byzantine <n>", "how many of them are Byzantine; which ones is drawn", natural, 3)
    .option("--seed <n>", "everything random comes from it", natural, 1)
    .option("--minutes <n>", "virtual minutes", decimal, 1)
    .option("--application <name>", "ledger, or the light counter", "ledger")
    .option("--strategies <names>", `what Byzantine nodes do, by commas: ${names}`)
    .option("--latency <ms>", "least one-way delay", natural, 20)
    .option("--jitter <ms>", "added to it, at most", natural, 10)
    .option("--loss <rate>", "part of the messages that are lost", decimal, 0)
    .option("--duplicate <rate>", "part that arrives twice", decimal, 0)
    .option("--reorder <rate>", "part that is held back", decimal, 0)
    .option("--regions <names>", `where nodes are, in turn, by commas: ${REGIONS.join(", ")}`)
    .option("--bandwidth <n>", "bytes a millisecond that a node can send; 0 no limit", natural, 0)
    .option("--work <ms>", "a new proof so often; 0 never", natural, 500)
    .option("--json", "print the report as JSON")
    .action(async (options) => output.finish(await run(options, output.write)));
}

function addFuzz(program: Command, output: ProgramOutput): void {
  program
    .command("fuzz")
    .description("run random worlds until one violates a property")
    .option("--runs <n>", "worlds", natural, 100)
    .option("--seed <n>", "seed of the first world; the next ones count up", natural, 1)
    .option("--nodes-max <n>", "largest world", natural, 7)
    .option("--faults-ms <ms>", "virtual time in which faults happen", natural, 15_000)
    .option("--application <name>", "ledger, or the light counter", "counter")
    .option("--jobs <n>", "threads; default one for each processor", natural)
    .option("--shrink <n>", "worlds to try to make a failing one smaller; 0 none", natural, 80)
    .action(async (options) => output.finish(await fuzz(options, output.write)));
}

function addReplay(program: Command, output: ProgramOutput): void {
  program
    .command("replay")
    .description("run the world that a violation printed, with its trace")
    .argument("<world>", "the JSON that was printed")
    .option("--lines <n>", "last lines of the trace to print", natural, 100)
    .action(async (world: string, options) =>
      output.finish(await replay({ world, ...options }, output.write)),
    );
}

function addExplore(program: Command, output: ProgramOutput): void {
  program
    .command("explore")
    .description(
      "look at all that can happen to four nodes in a few views, up to a bound of states",
    )
    .option("--states <n>", "states of real engines in each scope", natural, 2_000)
    .option("--model-states <n>", "states of the abstract model; default 20 times as many", natural)
    .option("--seed <n>", "order of the search", natural, 1)
    .action(async (options) => output.finish(await explore(options, output.write)));
}

function addStrategies(program: Command, output: ProgramOutput): void {
  program
    .command("strategies")
    .description("measure what each Byzantine strategy leaves of the throughput (B3)")
    .option("--seconds <n>", "virtual seconds", natural, 60)
    .option("--seed <n>", "everything random comes from it", natural, 3)
    .option("--nodes <sizes>", "sizes of networks, by commas", naturals, [4, 7, 10])
    .option("--strategies <names>", "which, by commas; default all")
    .action(async (options) => output.finish(await strategies(options, output.write)));
}
