import { natural } from "@aethel/terminal";
import type { Command } from "commander";
import { signing } from "./signing-options.ts";
import { amount, url } from "./values.ts";

/** Adds `aethel submit`. */
export function addSubmit(program: Command): void {
  signing(
    program
      .command("submit")
      .description("sign and submit a proof: intents (.ae), a theorem (.smt2), or a call (.json)")
      .argument("<file>", "file to submit")
      .requiredOption("--account <keyfile>", "key file of the author"),
    "resource limit; an `unknown` pays for all of it: run `aethel judge` first",
  ).action(async (file: string, options) => {
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
