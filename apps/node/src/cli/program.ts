import { Command, InvalidArgumentError, Option } from "commander";
import { explainComplaints } from "./complaint.ts";
import { addQuote, addSubmit } from "./proof-commands.ts";
import { natural, positive, url } from "./values.ts";

/** Parses the command line and runs one command. The exit code is in `process.exitCode`. */
export function createProgram(version: string): Command {
  const program = new Command("aethel")
    .description("A Byzantine-fault-tolerant ledger on which unproven code cannot run")
    .version(version)
    .exitOverride();
  addJudge(program);
  addCertify(program);
  addFmt(program);
  addKeys(program);
  addGenesis(program);
  addInit(program);
  addStart(program);
  addRotateKey(program);
  addSigningState(program);
  addCheck(program);
  addSubmit(program);
  addQuote(program);
  addStatus(program);
  addCheckpoint(program);
  addValidators(program);
  addEvidence(program);
  addLocalnet(program);
  explainComplaints(program);
  return program;
}

// Commands are loaded when they run: `aethel --help` needs neither Z3 nor libp2p.

function addJudge(program: Command): void {
  program
    .command("judge")
    .description("prove files here: intents (.ae) and theorems (.smt2)")
    .argument("<file...>", "files to judge")
    .option("--json", "one JSON object a line")
    .option("--obligations", "of each file, all that was to be shown (so for one file alone)")
    .option("--privileged", "judge intents as the genesis list does: they may write stake")
    .option("--limit <units>", "most solver units for each file (default: 10 million)", natural)
    .option(
      "--workers <n>",
      "files judged at the same time (default: one a core, at most 4)",
      positive,
    )
    .option("--certificate <file>", "write the certificate of the one file there; exit 1 if none")
    .addHelpText("after", "\nExit: 0 all valid, 1 some not, 2 wrong usage, 130 interrupted.")
    .action(async (files: string[], options) => {
      const { judgeFiles } = await import("../commands/judge.ts");
      process.exitCode = await judgeFiles(files, options);
    });
}

function addCertify(program: Command): void {
  program
    .command("certify")
    .description("check a certificate of a file with the kernel alone, without a solver")
    .argument("<file>", "intents (.ae) or a theorem (.smt2)")
    .argument("<certificate>", "what `aethel judge --certificate` wrote, or a node serves")
    .option("--json", "print JSON")
    .option("--privileged", "check intents as the genesis list's: they may write stake")
    .addHelpText("after", "\nExit: 0 certified, 1 not, 2 wrong usage.")
    .action(async (file: string, certificate: string, options) => {
      const { certifyFile } = await import("../commands/certify.ts");
      process.exitCode = await certifyFile(file, certificate, options);
    });
}

function addFmt(program: Command): void {
  program
    .command("fmt")
    .description("lay out intents (.ae) in the one layout of the language, in place")
    .argument("<file...>", "files to format; `-` reads standard input and writes standard output")
    .option("--check", "change nothing; name the files that are not formatted")
    .addHelpText("after", "\nExit: 0 all well, 1 some could not be read or are not formatted.")
    .action(async (files: string[], options) => {
      const { formatFiles } = await import("../commands/fmt.ts");
      process.exitCode = await formatFiles(files, options);
    });
}

function addKeys(program: Command): void {
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
    .description("write the card of a node's keys again: what founders give to one another")
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

function addGenesis(program: Command): void {
  const genesis = program
    .command("genesis")
    .description("found a chain together: one file that all operators compare");
  genesis
    .command("new")
    .description("write a draft without validators")
    .argument("<file>", "where; it must not be there yet")
    .option("--name <name>", "name of the chain, for people", "aethel")
    .addOption(
      new Option("--pace <pace>", "times for a network, or for processes of one machine")
        .choices(["network", "local"] as const)
        .default("network" as const),
    )
    .option("--time <time>", "when the chain begins, such as 2026-01-31T12:00:00Z (default: now)")
    .option("--set <name=value...>", 'a parameter as the file writes it: epochMs="50 s"')
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
    .option("--balance <tokens>", "what each has to spend besides", natural, 0)
    .action(async (file: string, cards: string[], options) => {
      const { addValidators } = await import("../commands/genesis.ts");
      await addValidators(file, cards, options);
    });
  genesis
    .command("check")
    .description("say whether a chain can begin so, and who founds it")
    .argument("<file>", "the genesis")
    .option("--json", "print JSON")
    .action(async (file: string, options) => {
      const { checkFile } = await import("../commands/genesis.ts");
      await checkFile(file, options);
    });
  genesis
    .command("hash")
    .description("print the digest that names the chain, for all operators to compare")
    .argument("<file>", "the genesis")
    .action(async (file: string) => {
      const { printHash } = await import("../commands/genesis.ts");
      await printHash(file);
    });
}

function addInit(program: Command): void {
  program
    .command("init")
    .description(
      "make a data directory: a new chain with this validator, or --genesis to join one; keys, " +
        "config.json and genesis.yaml that are there are kept",
    )
    .addOption(dataDir().makeOptionMandatory())
    .option("--genesis <file>", "join the chain that begins so")
    .option("--chain-id <hash>", "refuse another genesis than the operators have compared")
    .option("--name <name>", "name of a new chain, for people", "aethel")
    .option("--stake <tokens>", "stake of the first validator of a new chain", positive, 1_000_000)
    .option("--observer", "follow the chain without voting")
    .option("--peer <multiaddr...>", "peers to dial")
    .option("--password-file <file>", "read the password of the keys from there")
    .action(async (options) => {
      const { initialize } = await import("../commands/init.ts");
      await initialize(options);
    });
}

function addStart(program: Command): void {
  program
    .command("start")
    .description("run the validator or full node of a data directory")
    .addOption(dataDir().makeOptionMandatory())
    .option("--http-port <port>", "port of the HTTP API; 0 takes a free one", port)
    .option("--http-host <host>", "address of the HTTP API (default: loopback)")
    .option("--listen <multiaddr...>", "where to listen for peers")
    .option("--peer <multiaddr...>", "peers to dial, in place of the configured ones")
    .option(
      "--checkpoint <sequence:digest:time>",
      "join from there: what `aethel checkpoint` prints at a node that you trust",
    )
    .option("--log-level <level>", "trace, debug, info, warn, error or silent")
    .option(
      "--allow-new-signing-state",
      "start although the signing state is missing: read docs/operating/lost-log.md first",
    )
    .option("--password-file <file>", "read the password of the keys from there")
    .action(async (options) => {
      const { start } = await import("../commands/start.ts");
      process.exitCode = await start(options);
    });
}

function addRotateKey(program: Command): void {
  program
    .command("rotate-key")
    .description(
      "give a running validator its next consensus key; it changes at a border by itself",
    )
    .addOption(dataDir().makeOptionMandatory())
    .addOption(url())
    .option("--timeout <seconds>", "longest to wait until the chain has it", positive, 60)
    .option("--password-file <file>", "read the password of the keys from there")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { rotateKey } = await import("../commands/rotate-key.ts");
      process.exitCode = await rotateKey(options);
    });
}

function addSigningState(program: Command): void {
  program
    .command("signing-state")
    .description("the memory of what a validator has signed")
    .command("sign-from")
    .description(
      "when more than a third listen: sign from a sequence on, by the operators' word; only on the " +
        "validators that listen",
    )
    .addOption(dataDir().makeOptionMandatory())
    .requiredOption(
      "--sequence <n>",
      "what all agreed on: the highest head of all plus 1",
      positive,
    )
    .option("--all-operators-agree", "you have read the page of the guide, and all do the same")
    .action(async (options) => {
      const { nameSequence } = await import("../commands/signing-state.ts");
      await nameSequence(options);
    });
}

function addCheck(program: Command): void {
  program
    .command("check")
    .description("check a data directory: whether all of it can be read and has the stored root")
    .addOption(dataDir().makeOptionMandatory())
    .option("--json", "print JSON")
    .action(async (options) => {
      const { checkDirectory } = await import("../commands/check.ts");
      process.exitCode = await checkDirectory(options);
    });
}

function addStatus(program: Command): void {
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

function addCheckpoint(program: Command): void {
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

function addValidators(program: Command): void {
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

function addEvidence(program: Command): void {
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

function addLocalnet(program: Command): void {
  program
    .command("localnet")
    .description("run n validators as n processes on loopback")
    .option("--validators <n>", "how many", validatorCount, 4)
    .option("--data-dir <dir>", "keep the data there (default: a temporary directory)")
    .option(
      "--set <name=value...>",
      'a parameter of a new chain: --set epochMs="5 s" unbondingMs="1 min"',
    )
    .option("--demo", "submit the sample proofs and show what happens to them")
    .option("--once", "end when all samples are final: exit 0, or 1 and the reason")
    .option("--timeout <seconds>", "longest that --once may take", positive, 60)
    .option("--plain", "plain lines, no live display")
    .action(async (options) => {
      const { localnet } = await import("../commands/localnet.ts");
      process.exitCode = await localnet(options);
    });
}

function dataDir(): Option {
  return new Option("--data-dir <dir>", "directory of the node");
}

function port(text: string): number {
  const value = natural(text);
  if (value <= 65_535) return value;
  throw new InvalidArgumentError("a port is in 0 .. 65535.");
}

function validatorCount(text: string): number {
  const value = positive(text);
  if (value <= 32) return value;
  throw new InvalidArgumentError("1 to 32 processes are possible; use the simulator for more.");
}
