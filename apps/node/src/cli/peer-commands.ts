import { positive } from "@aethel/terminal";
import type { Command } from "commander";
import { dataDir, url } from "./values.ts";

/** Adds `aethel peers`, with `ban` and `unban`. */
export function addPeers(program: Command): void {
  const peers = program
    .command("peers")
    .description("show the peers of a running node, and whom it has banned")
    .addOption(dataDir().makeOptionMandatory())
    .addOption(url())
    .option("--json", "print JSON")
    .addHelpText("after", "\nRun it on the node's machine, as the user that runs the node.")
    .action(async (options) => {
      const { showPeers } = await import("../commands/peers.ts");
      await showPeers(options);
    });
  peers
    .command("ban")
    .description("refuse the connections of a peer or of a host for a while, and close them")
    .argument("<target>", "peer id, or IP address")
    .option("--hours <hours>", "time of the ban", positive, 24)
    .option("--reason <text>", "reason, for whoever reads the list", "by the operator")
    .action(async (target: string, _, command: Command) => {
      const { ban } = await import("../commands/peers.ts");
      await ban(target, command.optsWithGlobals());
    });
  peers
    .command("unban")
    .description("end a ban")
    .argument("<target>", "peer id, or IP address")
    .action(async (target: string, _, command: Command) => {
      const { unban } = await import("../commands/peers.ts");
      await unban(target, command.optsWithGlobals());
    });
}
