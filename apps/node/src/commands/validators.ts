import type { SlashBody, ValidatorBody } from "../api/api.ts";
import { RAISED } from "../api/evidence-body.ts";
import { createNodeClient, type NodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";
import { colour } from "../terminal/colour.ts";
import { layOut } from "../terminal/columns.ts";
import { formatTokens, formatTokensFixed, short } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

/**
 * Runs `aethel validators [ID]`: lists validators with their power, and slashes with their reasons.
 */
export async function validators(
  name: string | undefined,
  options: { readonly url: string; readonly json?: boolean },
): Promise<void> {
  const client = createNodeClient(options.url);
  if (name !== undefined) return await showOne(client, name, options);
  const [set, slashes] = await Promise.all([client.validators(), client.slashes()]);
  if (options.json === true) return print(JSON.stringify({ validators: set, slashes }));
  for (const line of tableOf(set)) print(line);
  showSlashes(slashes);
}

async function showOne(
  client: NodeClient,
  name: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const detail = await client.validator(await completed(client, name));
  if (json === true) return print(JSON.stringify(detail));
  const { accuracy, stake, unbonding, rewards, offences, slashed } = detail;
  const locked = unbonding === "0" ? "" : `, and ${formatTokens(BigInt(unbonding))} unbonding`;
  const votes = `${accuracy.votes} of ${accuracy.blocks} blocks of the last finished epochs`;
  const rows: [string, string][] = [
    ["validator", detail.id],
    ["key", detail.key],
    ["status", `${detail.status}, power ${detail.power}`],
    ["stake", `${formatTokens(BigInt(stake))}${locked}`],
    ["rewards", formatTokens(BigInt(rewards))],
    ["voted on", accuracy.blocks === 0 ? "no epoch has finished yet" : votes],
    ["offences", offences === 0 ? "none" : `${offences}, ${formatTokens(BigInt(slashed))} lost`],
  ];
  for (const { amount, freeAt } of detail.payouts) {
    const from = new Date(freeAt).toISOString();
    rows.push(["pays out", `${formatTokens(BigInt(amount))} with the first block from ${from} on`]);
  }
  const next = WAY_BACK[detail.status];
  if (next !== undefined) rows.push(["next step", next]);
  for (const [label, text] of rows) print(`${label.padEnd(11)}${text}`);
  showSlashes(detail.slashes);
}

/** Next step for a validator without power, by its status. */
const WAY_BACK: Readonly<Record<string, string>> = {
  jailed:
    "once the node has all blocks, unjail by the intent `ask_back`; see docs/operating/slashed.md",
  ejected:
    "make sure that no second instance runs; at power 0 run `aethel rotate-key`; see docs/operating/slashed.md",
};

/** Completes the id of a validator from its first digits. */
async function completed(client: NodeClient, name: string): Promise<string> {
  if (/^[0-9a-f]{64}$/i.test(name)) return name.toLowerCase();
  if (!/^[0-9a-f]{4,63}$/i.test(name)) {
    const next = "give 64 hex digits, or at least its first 4, as `aethel validators` shows them";
    throw failure("USAGE", `${name} is no id of a validator`, next);
  }
  // Also validators that are no longer in the set.
  const found = await client.validatorsBeginning(name.toLowerCase());
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const what = found.length === 0 ? "no validator begins" : `${found.length} validators begin`;
  throw failure(
    "NOT_FOUND",
    `${what} with ${name}`,
    "see `aethel validators`, or give more digits",
  );
}

function tableOf(set: readonly ValidatorBody[]): readonly string[] {
  const total = set.reduce((sum, { power }) => sum + BigInt(power), 0n);
  const head = ["validator", "status", "power", "stake", "rewards", "accuracy", "slashed"];
  const rows = set.map((each) => [
    short(each.id),
    each.status,
    percent(total === 0n ? 0n : (BigInt(each.power) * 10_000n) / total),
    formatTokensFixed(BigInt(each.stake)),
    formatTokensFixed(BigInt(each.rewards)),
    each.accuracy.blocks === 0 ? "-" : percent(BigInt(each.accuracy.basisPoints)),
    each.offences === 0 ? "-" : colour.red(formatTokensFixed(BigInt(each.slashed))),
  ]);
  const columns = head.map((_, at) => ({ align: at < 2 ? "left" : "right" }) as const);
  return layOut(columns, [head.map((title) => colour.dim(title)), ...rows]);
}

function showSlashes(slashes: readonly SlashBody[]): void {
  if (slashes.length === 0) return;
  print("");
  for (const { validator, amount, stake, sequence, evidence } of slashes) {
    const lost = `lost ${formatTokens(BigInt(amount))} in block ${sequence}`;
    const left = `${formatTokens(BigInt(stake))} were left`;
    print(`${colour.red(short(validator))}  ${lost}, ${left}`);
    if (evidence.length === 0) print(`          it ${RAISED}`);
    for (const { id, detail } of evidence) {
      print(`          it ${detail}`);
      print(colour.dim(`          evidence ${id}`));
    }
  }
  print("");
  print(colour.dim("`aethel evidence ID` checks a piece of evidence here."));
}

function percent(basisPoints: bigint): string {
  return `${basisPoints / 100n}.${(basisPoints % 100n).toString().padStart(2, "0")} %`;
}
