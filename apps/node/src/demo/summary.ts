import { type ChainParameters, toDifficulty, toHex } from "@aethel/models";
import { baseReward } from "@aethel/rewards";
import { count, group } from "@aethel/terminal";
import Table from "cli-table3";
import type { ReceiptBody, Status, ValidatorBody } from "../api/api.ts";
import type { LocalNode, Localnet } from "../localnet/localnet.ts";
import { people } from "../localnet/people.ts";
import { colour } from "../terminal/colour.ts";
import { cut, formatTokens, formatTokensFixed, short } from "../terminal/format.ts";
import type { Display } from "./display.ts";

/** Balances of the well-known accounts, by name. */
export type Balances = ReadonlyMap<string, bigint>;

/** Reads all balances from one running node. */
export async function readBalances(node: LocalNode): Promise<Balances> {
  return new Map(
    await Promise.all(
      people().map(async ({ name, id }) => {
        const { balance } = await node.client.account(toHex(id));
        return [name, BigInt(balance)] as const;
      }),
    ),
  );
}

/** Reads the status of each running node. */
export async function readStatuses(
  network: Localnet,
): Promise<readonly { readonly node: LocalNode; readonly status: Status }[]> {
  const running = network.nodes.filter(({ exit }) => exit === undefined);
  const answers = await Promise.allSettled(
    running.map(async (node) => ({ node, status: await node.client.status() })),
  );
  return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
}

/** Prints the balances before and after the demonstration. */
export function showBalances(display: Display, before: Balances, after: Balances): void {
  const table = plainTable(["account", "before", "now", "change"]);
  for (const [name, then] of before) {
    const now = after.get(name) ?? 0n;
    const change = `${now >= then ? "+" : ""}${formatTokensFixed(now - then)}`;
    table.push([name, formatTokensFixed(then), formatTokensFixed(now), change]);
  }
  showTable(display, table);
}

/** Prints head, state root, stake and rewards of each validator. */
export function showValidators(options: {
  readonly display: Display;
  readonly network: Localnet;
  readonly statuses: readonly { readonly node: LocalNode; readonly status: Status }[];
  readonly validators: readonly ValidatorBody[];
}): void {
  const { display, network, statuses, validators } = options;
  const table = plainTable(["validator", "sequence", "state root", "stake", "rewards"]);
  for (const { index, exit } of network.nodes) {
    const status = statuses.find(({ node }) => node.index === index)?.status;
    const own = validators.find(({ id }) => id === status?.validator);
    const ended = exit === undefined ? "no answer" : `ended (${exit.signal ?? exit.code})`;
    table.push([
      String(index),
      status === undefined ? ended : String(status.head.sequence),
      status === undefined ? "" : cut(status.head.stateRoot, 16),
      own === undefined ? "" : formatTokensFixed(BigInt(own.stake)),
      own === undefined ? "" : formatTokensFixed(BigInt(own.rewards)),
    ]);
  }
  showTable(display, table);
}

/**
 * Prints, for each kind of trust, one final theorem and its reward. This is the base reward for the
 * theorem's difficulty, before the emission cap of its block.
 */
export function showTrust(options: {
  readonly display: Display;
  readonly parameters: ChainParameters;
  readonly receipts: Iterable<ReceiptBody>;
  readonly titleOf: (hash: string) => string;
}): void {
  const { display, parameters, receipts, titleOf } = options;
  const table = plainTable(["theorem", "trust", "difficulty", "mints"]);
  const shown = new Set<string>();
  for (const { kind, outcome, trust, difficulty, hash } of receipts) {
    if (kind !== "theorem" || outcome !== "applied" || shown.has(trust)) continue;
    shown.add(trust);
    const mints = trust === "certified" || parameters.solverTheoremsMint;
    const minted = mints ? baseReward(toDifficulty(difficulty), parameters) : 0n;
    table.push([titleOf(hash), trust, group(difficulty), formatTokensFixed(minted)]);
  }
  if (shown.size > 0) showTable(display, table);
}

/** Describes the supply: `9,999.5 tokens in all: 1.2 minted for proofs, 0.3 burned`. */
export function describeSupply({ supply }: Status): string {
  const { total, minted, burned } = supply;
  const part = (amount: string): string => formatTokens(BigInt(amount));
  return `${part(total)} tokens in all: ${part(minted)} minted for proofs, ${part(burned)} burned`;
}

/** Compares the heads of all nodes. `equal`: all have the same sequence and state root. */
export function describeRoots(statuses: readonly { readonly status: Status }[]): {
  readonly equal: boolean;
  readonly text: string;
} {
  const [first] = statuses;
  const same = statuses.every(
    ({ status }) =>
      status.head.sequence === first?.status.head.sequence &&
      status.head.stateRoot === first.status.head.stateRoot,
  );
  if (first === undefined || !same) return { equal: false, text: "the state roots differ" };
  const { sequence, stateRoot } = first.status.head;
  const text = `${count(statuses.length, "state root")} equal at sequence ${sequence}: ${short(stateRoot)}…`;
  return { equal: true, text };
}

function plainTable(head: readonly string[]): Table.Table {
  return new Table({
    head: head.map((word) => colour.bold(word)),
    colAligns: head.map((_, at) => (at === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
}

function showTable(display: Display, table: Table.Table): void {
  for (const line of table.toString().split("\n")) display.line(`  ${line}`);
}
