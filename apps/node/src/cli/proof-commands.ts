import { natural, positive } from "@aethel/terminal";
import type { Command } from "commander";
import { amount, url } from "./values.ts";

/** Adds `aethel submit`. */
export function addSubmit(program: Command): void {
  program
    .command("submit")
    .description("sign and submit a proof: intents (.ae), a theorem (.smt2), or a call (.json)")
    .argument("<file>", "what to submit")
    .requiredOption("--account <keyfile>", "key file of the author")
    .addOption(url())
    .option(
      "--limit <units>",
      "most units that may be spent; an `unknown` pays for all of it, so judge first",
      natural,
    )
    .option(
      "--fee <micro-tokens>",
      "most that may be charged; default: what the node quotes; what is not charged comes back",
      amount,
    )
    .option(
      "--tip <micro-tokens>",
      "for the proposer, for each million units of weight: who tips more is earlier",
      amount,
    )
    .option(
      "--nonce <n>",
      "default: the next of the author; with that of a waiting proof it replaces that one, for a tenth more tip",
      natural,
    )
    .option("--no-wait", "return once it is in the mempool")
    .option("--timeout <seconds>", "longest to wait for finality", positive, 60)
    .option("--password-file <file>", "read the password of the key from there")
    .option("--json", "print JSON")
    .action(async (file: string, options) => {
      const { submit } = await import("../commands/submit.ts");
      process.exitCode = await submit(file, options);
    });
}

/** Adds `aethel quote`. */
export function addQuote(program: Command): void {
  program
    .command("quote")
    .description("what a place in the next block costs, or what a proof would; sends nothing")
    .argument("[file]", "a proof as for `submit`")
    .option("--author <account>", "whose proof it would be, 64 hex digits")
    .addOption(url())
    .option("--limit <units>", "most units that may be spent", natural)
    .option("--tip <micro-tokens>", "for each million units of weight", amount)
    .option("--json", "print JSON")
    .action(async (file: string | undefined, options) => {
      const { quote } = await import("../commands/quote.ts");
      process.exitCode = await quote(file, options);
    });
}
