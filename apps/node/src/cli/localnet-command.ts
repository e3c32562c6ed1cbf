import { positive } from "@aethel/terminal";
import { type Command, InvalidArgumentError } from "commander";

/** Adds `aethel localnet`. */
export function addLocalnet(program: Command): void {
  program
    .command("localnet")
    .description("run n validators as n processes on loopback")
    .option("--validators <n>", "number of validators", validatorCount, 4)
    .option("--data-dir <dir>", "keep the data there (default: a temporary directory)")
    .option(
      "--set <name=value...>",
      'parameters of a new chain: --set epochMs="5 s" unbondingMs="1 min"',
    )
    .option("--demo", "submit the sample proofs and show what happens to them")
    .option("--once", "end when all samples are final: exit 0, or 1 with the reason")
    .option("--timeout <seconds>", "longest time that --once may take", positive, 60)
    .option("--plain", "plain lines, no live display")
    .action(async (options) => {
      const { localnet } = await import("../commands/localnet.ts");
      process.exitCode = await localnet(options);
    });
}

function validatorCount(text: string): number {
  const value = positive(text);
  if (value <= 32) return value;
  throw new InvalidArgumentError("1 to 32 processes are possible; use the simulator for more.");
}
