import type { Command } from "commander";
import { url } from "./values.ts";

/** Adds `aethel status`. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show the status of a running node, and why nothing becomes final")
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
      "print the head of a running node as a checkpoint, for operators who trust you (start --checkpoint)",
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
    .description("list validators with their power, and the slashes with their reasons")
    .argument("[id]", "id of a validator, or its first 4 digits or more")
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
    .description("fetch the evidence of a slash, and check it on this machine")
    .argument("<id>", "id of the evidence, as `aethel validators` shows it")
    .addOption(url())
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit: 0 the evidence holds, 1 it does not, 2 wrong usage.")
    .action(async (id: string, options) => {
      const { evidence } = await import("../commands/evidence.ts");
      process.exitCode = await evidence(id, options);
    });
}
