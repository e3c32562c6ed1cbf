import { positive } from "@aethel/terminal";
import type { Command } from "commander";
import { dataDir, port, url } from "./values.ts";

/** Adds `aethel start`. */
export function addStart(program: Command): void {
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

/** Adds `aethel rotate-key`. */
export function addRotateKey(program: Command): void {
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

/** Adds `aethel signing-state`. */
export function addSigningState(program: Command): void {
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

/** Adds `aethel check`. */
export function addCheck(program: Command): void {
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
