import type { Command } from "commander";
import { url } from "./values.ts";

/** Adds `aethel status`. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("ask a running node how it is")
    .addOption(url())
    .option("--json", "print JSON")
    .action(async (options) => {
      const { status } = await import("../commands/status.ts");
      await status(options);
    });
}

/** Adds `aethel checkpoint`. */
export function addCheckpoint(program: Command): void {
  program
    .command("checkpoint")
    .description(
      "print the head of a running node, for who joins and trusts you (start --checkpoint)",
    )
    .addOption(url())
    .action(async (options) => {
      const { checkpoint } = await import("../commands/checkpoint.ts");
      await checkpoint(options);
    });
}

/** Adds `aethel validators`. */
export function addValidators(program: Command): void {
  program
    .command("validators")
    .description("ask a running node who votes, and who lost stake for what")
    .argument("[id]", "one validator, by its id or the first digits of it")
    .addOption(url())
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options) => {
      const { validators } = await import("../commands/validators.ts");
      await validators(id, options);
    });
}

/** Adds `aethel evidence`. */
export function addEvidence(program: Command): void {
  program
    .command("evidence")
    .description("fetch the evidence that a validator was slashed by, and check it here")
    .argument("<id>", "of the evidence, as `aethel validators` shows it")
    .addOption(url())
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit: 0 it holds, 1 it does not, 2 wrong usage.")
    .action(async (id: string, options) => {
      const { evidence } = await import("../commands/evidence.ts");
      process.exitCode = await evidence(id, options);
    });
}
