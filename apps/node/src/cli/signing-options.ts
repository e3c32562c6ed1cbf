import { natural, positive } from "@aethel/terminal";
import type { Command } from "commander";
import { amount, maxFee, url, yes } from "./values.ts";

/** Adds the options of commands that sign a proof, submit it and wait. */
export function signing(command: Command, limit = "resource limit"): Command {
  return command
    .addOption(url())
    .option("--limit <units>", limit, natural)
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
    .option("--json", "print JSON");
}
