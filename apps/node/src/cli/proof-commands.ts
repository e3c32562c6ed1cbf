import { natural, positive } from "@aethel/terminal";
import type { Command } from "commander";
import { amount, maxFee, url, yes } from "./values.ts";

/** Adds `aethel submit`. */
export function addSubmit(program: Command): void {
  program
    .command("submit")
    .description("sign and submit a proof: intents (.ae), a theorem (.smt2), or a call (.json)")
    .argument("<file>", "file to submit")
    .requiredOption("--account <keyfile>", "key file of the author")
    .addOption(url())
    .option(
      "--limit <units>",
      "resource limit; an `unknown` pays for all of it: run `aethel judge` first",
      natural,
    )
    .option(
      "--fee <micro-tokens>",
      "fee limit (default: the quote of the node); what is not charged comes back",
      amount,
    )
    .addOption(maxFee())
    .addOption(yes())
    .option(
      "--tip <micro-tokens>",
      "tip for the proposer for a million units of weight; a higher one is included earlier",
      amount,
    )
    .option(
      "--nonce <n>",
      "nonce (default: the next one of the author); that of a proof in the mempool replaces it, for a tip a tenth higher",
      natural,
    )
    .option("--no-wait", "return once the proof is in the mempool")
    .option("--timeout <seconds>", "longest time to wait for finality", positive, 60)
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
    .description("show the fees of the next block, or the cost of a proof; submits nothing")
    .argument("[file]", "file, as for `submit`")
    .option("--author <account>", "author of the proof, 64 hex digits")
    .addOption(url())
    .option("--limit <units>", "resource limit", natural)
    .option("--tip <micro-tokens>", "tip for a million units of weight", amount)
    .option("--json", "print JSON")
    .action(async (file: string | undefined, options) => {
      const { quote } = await import("../commands/quote.ts");
      process.exitCode = await quote(file, options);
    });
}
