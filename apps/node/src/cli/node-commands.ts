import { positive } from "@aethel/terminal";
import type { Command } from "commander";
import { dataDir, maxFee, port, url, yes } from "./values.ts";

/** Adds `aethel start`. */
export function addStart(program: Command): void {
  program
    .command("start")
    .description("run the validator or full node of a data directory")
    .addOption(dataDir().makeOptionMandatory())
    .option("--http-port <port>", "port of the HTTP API; 0: any free port", port)
    .option("--http-host <host>", "address of the HTTP API (default: loopback)")
    .option("--listen <multiaddr...>", "multiaddresses to listen on for peers")
    .option("--peer <multiaddr...>", "peers to dial, instead of those in config.json")
    .option(
      "--checkpoint <sequence:digest:time>",
      "checkpoint to join from, as `aethel checkpoint` prints it on a node that you trust",
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

/** Adds `aethel rotate-key`. */
export function addRotateKey(program: Command): void {
  program
    .command("rotate-key")
    .description(
      "give a running validator its next consensus key; the node changes to it at an epoch boundary",
    )
    .addOption(dataDir().makeOptionMandatory())
    .addOption(url())
    .option("--timeout <seconds>", "longest time to wait until the chain has the key", positive, 60)
    .addOption(maxFee())
    .addOption(yes())
    .option("--password-file <file>", "read the password of the keys from there")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { rotateKey } = await import("../commands/rotate-key.ts");
      process.exitCode = await rotateKey(options);
    });
}

/** Adds `aethel signing-state`. */
export function addSigningState(program: Command): void {
  program
    .command("signing-state")
    .description("the record of what a validator has signed")
    .command("sign-from")
    .description(
      "end listening by agreement of all operators, when more than a third of the power listens; only on " +
        "validators that listen",
    )
    .addOption(dataDir().makeOptionMandatory())
    .requiredOption(
      "--sequence <n>",
      "agreed sequence: the highest head of all validators plus 1",
      positive,
    )
    .option(
      "--all-operators-agree",
      "confirm that all operators have read the guide and do the same",
    )
    .action(async (options) => {
      const { nameSequence } = await import("../commands/signing-state.ts");
      await nameSequence(options);
    });
}

/** Adds `aethel check`. */
export function addCheck(program: Command): void {
  program
    .command("check")
    .description("read all of a data directory, and compare its state with the stored root")
    .addOption(dataDir().makeOptionMandatory())
    .option("--json", "print JSON")
    .action(async (options) => {
      const { checkDirectory } = await import("../commands/check.ts");
      process.exitCode = await checkDirectory(options);
    });
}

/** Adds `aethel prune`. */
export function addPrune(program: Command): void {
  program
    .command("prune")
    .description(
      "delete old blocks of a stopped node as its configuration says, and give the space back to the disk",
    )
    .addOption(dataDir().makeOptionMandatory())
    .option("--keep <rule>", "full, headers, blocks:N or days:N, instead of the configuration")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { prune } = await import("../commands/prune.ts");
      await prune(options);
    });
}
