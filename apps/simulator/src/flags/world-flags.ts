import { natural, positive } from "@aethel/terminal";
import { REGIONS, type Region, STRATEGIES, TestkitError, type WorldOptions } from "@aethel/testkit";
import type { Command } from "commander";
import { faulty, nameOf, namesOf, rate } from "./option-values.ts";

/** Flags of a world, a simulated network, on the command line. */
export interface WorldFlags {
  readonly nodes: number;
  readonly byzantine: number | "f";
  readonly application: string;
  readonly strategies?: readonly string[];
  readonly latency: number;
  readonly jitter: number;
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly drift: number;
  /**
   * Regions of the nodes, which are taken in turn if there are more nodes. Undefined: all nodes are
   * in one place.
   */
  readonly regions?: readonly Region[];
  readonly bandwidth: number;
  readonly work: number;
  readonly judging: number;
  readonly sync: number;
}

/** Applications that a world can run. */
export const APPLICATIONS = ["ledger", "contracts", "counter"] as const;

export const STRATEGY_NAMES: readonly string[] = STRATEGIES.map(({ name }) => name);

/**
 * Adds the flags of a world to a command. Three of them have a default that depends on the command.
 */
export function addWorldFlags(
  command: Command,
  defaults: Pick<WorldFlags, "nodes" | "byzantine" | "application">,
): Command {
  return command
    .option("--nodes <n>", "nodes, Byzantine ones included", positive, defaults.nodes)
    .option(
      "--byzantine <n>",
      "number of Byzantine nodes among them, drawn by the seed; `f`: the most below a third",
      faulty,
      defaults.byzantine,
    )
    .option(
      "--application <name>",
      "ledger, ledger with contracts, or the light counter",
      nameOf(APPLICATIONS),
      defaults.application,
    )
    .option(
      "--strategies <names>",
      `strategies of Byzantine nodes, by commas; default: drawn for each node: ${STRATEGY_NAMES.join(", ")}`,
      namesOf(STRATEGY_NAMES),
    )
    .option("--latency <ms>", "least one-way delay", natural, 20)
    .option("--jitter <ms>", "largest delay added to it", natural, 10)
    .option("--loss <rate>", "share of messages that are lost", rate, 0)
    .option("--duplicate <rate>", "share of messages that arrive twice", rate, 0)
    .option("--reorder <rate>", "share of messages that are held back", rate, 0)
    .option("--drift <ms>", "largest error of a node's clock", natural, 0)
    .option(
      "--regions <names>",
      `regions of the nodes, in turn, by commas: ${REGIONS.join(", ")}`,
      namesOf(REGIONS),
    )
    .option(
      "--bandwidth <n>",
      "bytes that a node can send in a millisecond; 0: no limit",
      natural,
      0,
    )
    .option("--work <ms>", "interval between new proofs; 0: none", natural, 500)
    .option("--judging <ms>", "longest time to verify a block", natural, 5)
    .option("--sync <ms>", "longest time to make a write durable", natural, 1);
}

/** Returns the number of Byzantine nodes. `f` stands for the largest number below a third. */
export function byzantineOf({ nodes, byzantine }: Pick<WorldFlags, "nodes" | "byzantine">): number {
  return byzantine === "f" ? Math.floor((nodes - 1) / 3) : byzantine;
}

/**
 * Tells whether agreement and progress are guaranteed: less than a third of the nodes is Byzantine.
 */
export function isPromised(flags: Pick<WorldFlags, "nodes" | "byzantine">): boolean {
  return 3 * byzantineOf(flags) < flags.nodes;
}

/**
 * Converts flags to the options of a world. @throws TestkitError `CONFIG` for more Byzantine nodes
 * than nodes.
 */
export function worldOf(flags: WorldFlags, seed: number): WorldOptions {
  const { nodes, regions, strategies } = flags;
  const byzantineCount = byzantineOf(flags);
  if (byzantineCount > nodes) {
    const problems = [`--byzantine: at most ${nodes}, as many as there are nodes`];
    throw new TestkitError({ code: "CONFIG", problems });
  }
  return {
    nodeCount: nodes,
    byzantineCount,
    seed,
    application: flags.application,
    workEveryMs: flags.work,
    judgingMs: flags.judging,
    syncMs: flags.sync,
    ...(strategies === undefined ? {} : { strategies }),
    network: {
      latencyMs: flags.latency,
      jitterMs: flags.jitter,
      lossRate: flags.loss,
      duplicateRate: flags.duplicate,
      reorderRate: flags.reorder,
      clockDriftMs: flags.drift,
      bandwidth: flags.bandwidth,
      ...(regions === undefined ? {} : { regions: spread(regions, nodes) }),
    },
  };
}

function spread(regions: readonly Region[], nodes: number): readonly Region[] {
  return Array.from({ length: nodes }, (_, at) => regions[at % regions.length] ?? REGIONS[0]);
}
