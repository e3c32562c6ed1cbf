import { natural, positive } from "@aethel/terminal";
import { type Command, Option } from "commander";
import { amount, url } from "./values.ts";

/** Adds `aethel publish`. */
export function addPublish(program: Command): void {
  signing(
    program
      .command("publish")
      .description("judge a contract or intents (.ae) here, then publish them")
      .argument("<file>", "source to publish"),
  )
    .requiredOption("--account <keyfile>", "key file of the author")
    .option("--no-judge", "leave judging to the validators; what is not proved costs its fee")
    .addHelpText("after", "\nExit: 0 published, 1 not proved or not applied, 2 wrong usage.")
    .action(async (file: string, options) => {
      const { publish } = await import("../commands/publish.ts");
      process.exitCode = await publish(file, options);
    });
}

/** Adds `aethel call`. */
export function addCall(program: Command): void {
  signing(
    program
      .command("call")
      .description("call an intent of a contract by its name, or several in one transaction")
      .argument(
        "[words...]",
        "CONTRACT.INTENT or INTENT, then arguments: --NAME VALUE or NAME=VALUE",
      )
      .usage("CONTRACT.INTENT [--NAME VALUE | NAME=VALUE]... [options]")
      .allowUnknownOption(),
  )
    .option("--account <keyfile>", "key file of the author, or of who signs `--signatures`")
    .option("--file <file>", "calls from a file: one on each line, or a list in JSON")
    .option(
      "--spend <limit...>",
      "most that a signer may lose: [ACCOUNT:]AMOUNT[@ASSET], or none (default: what a run takes)",
    )
    .option("--cosigner <account...>", "accounts that sign beside the author")
    .option("--sign-only <file>", "write the transaction and the signatures there; send nothing")
    .option("--signatures <file...>", "send a transaction from files of --sign-only")
    .option("--dry-run", "show what the transaction does and takes; sign and send nothing")
    .option("--force", "send it although its run on the head state does not succeed")
    .addHelpText("after", `\n${CALL_HELP}`)
    .action(async (words: string[], options) => {
      const { call } = await import("../commands/call.ts");
      process.exitCode = await call(words, options);
    });
}

const CALL_HELP = `Values: amounts as 5000000, 5tokens or 10micro-tokens; whole numbers, or times in seconds as
now+7d or 2027-01-31T12:00Z; accounts as hex, key file, me, or NAME of NAME.json beside --account;
digests and signatures as hex; words of enumerations by name. An argument that has the name of an
option is written NAME=VALUE.
Exit: 0 applied, shown or signed, 1 not, 2 wrong usage.`;

/** Adds the options of commands that submit and wait. */
function signing(command: Command): Command {
  return command
    .addOption(url())
    .option("--limit <units>", "resource limit", natural)
    .option(
      "--fee <micro-tokens>",
      "fee limit (default: the quote of the node); what is not charged comes back",
      amount,
    )
    .option("--tip <micro-tokens>", "tip for the proposer for a million units of weight", amount)
    .option("--nonce <n>", "nonce (default: the next one of the author)", natural)
    .option("--no-wait", "return once it is in the mempool")
    .addOption(
      new Option("--timeout <seconds>", "longest time to wait for finality")
        .argParser(positive)
        .default(60),
    )
    .option("--password-file <file>", "read the password of the key from there")
    .option("--json", "print JSON");
}
