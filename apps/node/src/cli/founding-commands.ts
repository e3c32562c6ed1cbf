import { natural, positive } from "@aethel/terminal";
import { type Command, Option } from "commander";
import { dataDir } from "./values.ts";

/** Adds `aethel keys`. */
export function addKeys(program: Command): void {
  const keys = program
    .command("keys")
    .description("make and show the keys of a node or an account");
  keys
    .command("new")
    .description("make the three keys of a node, or with --file one account key")
    .addOption(dataDir().conflicts("file"))
    .option("--file <file>", "write an account key there")
    .option("--password-file <file>", "read the password from there")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { newKeys } = await import("../commands/keys.ts");
      await newKeys(options);
    });
  keys
    .command("card")
    .description("write the card of a node's keys again, which founders exchange")
    .addOption(dataDir().makeOptionMandatory())
    .option("--password-file <file>", "read the password from there")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { makeCard } = await import("../commands/keys.ts");
      await makeCard(options);
    });
  keys
    .command("show")
    .description("print public keys; needs no password")
    .addOption(dataDir().conflicts("file"))
    .option("--file <file>", "an account key")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { showKeys } = await import("../commands/keys.ts");
      await showKeys(options);
    });
}

/** Adds `aethel genesis`. */
export function addGenesis(program: Command): void {
  const genesis = program
    .command("genesis")
    .description("found a chain of several operators, with one file that all of them compare");
  genesis
    .command("new")
    .description("write a draft without validators")
    .argument("<file>", "file to create; it must not exist")
    .option("--name <name>", "name of the chain, for people", "aethel")
    .addOption(
      new Option("--pace <pace>", "timing for a network, or for processes on one machine")
        .choices(["network", "local"] as const)
        .default("network" as const),
    )
    .option("--time <time>", "time of genesis, such as 2026-01-31T12:00:00Z (default: now)")
    .option("--set <name=value...>", 'parameter in the form of the file: epochMs="50 s"')
    .action(async (file: string, options) => {
      const { newDraft } = await import("../commands/genesis.ts");
      await newDraft(file, options);
    });
  genesis
    .command("add")
    .description("add validators to a draft, by the cards that `aethel keys new` wrote for them")
    .argument("<file>", "the draft")
    .argument("<card...>", "card.json of each validator")
    .requiredOption("--stake <tokens>", "stake of each of them", positive)
    .option("--balance <tokens>", "balance of each account beside the stake", natural, 0)
    .action(async (file: string, cards: string[], options) => {
      const { addValidators } = await import("../commands/genesis.ts");
      await addValidators(file, cards, options);
    });
  genesis
    .command("check")
    .description("check a genesis, and show its validators and its time")
    .argument("<file>", "the genesis")
    .option("--json", "print JSON")
    .action(async (file: string, options) => {
      const { checkFile } = await import("../commands/genesis.ts");
      await checkFile(file, options);
    });
  genesis
    .command("hash")
    .description("print the hash of a genesis, for all operators to compare")
    .argument("<file>", "the genesis")
    .action(async (file: string) => {
      const { printHash } = await import("../commands/genesis.ts");
      await printHash(file);
    });
}

/** Adds `aethel init`. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description(
      "make a data directory: for a new chain with this validator, or with --genesis for an existing one; " +
        "keys, config.json and genesis.yaml that exist are kept",
    )
    .addOption(dataDir().makeOptionMandatory())
    .option("--genesis <file>", "genesis of the chain to join")
    .option("--chain-id <hash>", "hash that the genesis must have")
    .option("--name <name>", "name of a new chain, for people", "aethel")
    .option("--stake <tokens>", "stake of the first validator of a new chain", positive, 1_000_000)
    .option("--observer", "follow the chain without voting")
    .option("--peer <multiaddr...>", "multiaddresses of peers to dial")
    .option("--password-file <file>", "read the password of the keys from there")
    .action(async (options) => {
      const { initialize } = await import("../commands/init.ts");
      await initialize(options);
    });
}
