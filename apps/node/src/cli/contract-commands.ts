import { positive } from "@aethel/terminal";
import type { Command } from "commander";
import { signing } from "./signing-options.ts";
import { url } from "./values.ts";

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
    .option(
      "--signatures <file...>",
      "show a transaction from files of --sign-only; add a signature, or send it",
    )
    .option("--dry-run", "show what the transaction does and takes; sign and send nothing")
    .option("--force", "send it although its run on the head state does not succeed")
    .addHelpText("after", `\n${CALL_HELP}`)
    .action(async (words: string[], options) => {
      const { call } = await import("../commands/call.ts");
      process.exitCode = await call(words, options);
    });
}

/** Adds `aethel state`. */
export function addState(program: Command): void {
  program
    .command("state")
    .description("show the state of a contract, or one value of it, verified here with --proof")
    .argument("<contract>", "name of the contract, or first digits of its digest")
    .argument("[place...]", "a scalar; `vault` and an asset; or a map and its keys: deals 7")
    .addOption(url())
    .option("--proof", "fetch a Merkle proof and verify it here, up to the quorum that signed")
    .option("--chain-id <hash>", "hash that the genesis of the chain must have")
    .option(
      "--checkpoint <sequence:digest:time>",
      "block from which the validator set is known (default: genesis)",
    )
    .option("--account <keyfile>", "key file beside those of accounts that keys name")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit: 0 shown, 1 not verified or not there, 2 wrong usage.")
    .action(async (contract: string, place: string[], options) => {
      const { state } = await import("../commands/state.ts");
      process.exitCode = await state([contract, ...place], options);
    });
}

/** Adds `aethel contracts`. */
export function addContracts(program: Command): void {
  program
    .command("contracts")
    .description("list published contracts, or show one with its interface")
    .argument("[contract]", "name of a contract, or first digits of its digest")
    .addOption(url())
    .option("--after <digest>", "begin the list after this contract")
    .option("--limit <n>", "most contracts of the list, up to 100", positive, 100)
    .option("--text", "print the canonical text of the contract")
    .option("--json", "print JSON")
    .action(async (contract: string | undefined, options) => {
      const { contracts } = await import("../commands/contracts.ts");
      await contracts(contract, options);
    });
}

const CALL_HELP = `Values: amounts as 5000000, 5tokens or 10micro-tokens; whole numbers, or times in seconds as
now+7d or 2027-01-31T12:00Z; accounts as hex, key file, me, or NAME of NAME.json beside --account;
digests and signatures as hex; words of enumerations by name. An argument that has the name of an
option is written NAME=VALUE.
All that the signers agree to is shown before anything is signed. A question is asked before a file
of --signatures is signed, and before limits of losses that a node on another machine proposes. --yes
answers it beforehand; with --json, or without a terminal, it is needed.
Exit: 0 applied, shown or signed, 1 not (a fee limit above --max-fee, losses above --spend, the answer
no), 2 wrong usage (--yes is missing).`;
