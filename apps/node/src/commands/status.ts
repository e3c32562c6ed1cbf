import { count } from "@aethel/terminal";
import type { Status } from "../api/api.ts";
import { createNodeClient } from "../client/node-client.ts";
import { colour } from "../terminal/colour.ts";
import { formatDuration, formatMs, formatTokens, short } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

/** Runs `aethel status`. */
export async function status(options: {
  readonly url: string;
  readonly json?: boolean;
}): Promise<void> {
  const answer = await createNodeClient(options.url).status();
  if (options.json === true) {
    print(JSON.stringify(answer));
    return;
  }
  const { head, supply, mempool, consensus } = answer;
  const rows: (readonly [string, string])[] = [
    ["chain", `${answer.name} ${answer.genesis}`],
    ["role", answer.role + (answer.validator === undefined ? "" : ` ${answer.validator}`)],
    ["sequence", `${head.sequence}   ${new Date(head.timestamp).toISOString()}`],
    [
      "current",
      `sequence ${consensus.sequence}, view ${consensus.view}, ${consensus.phase}${led(consensus)}`,
    ],
    ["block", head.digest],
    ["state root", head.stateRoot],
    [
      "supply",
      `${formatTokens(BigInt(supply.total))}   minted ${formatTokens(BigInt(supply.minted))}   burned ${formatTokens(BigInt(supply.burned))}`,
    ],
    ["treasury", formatTokens(BigInt(answer.treasury))],
    ["peers", `${answer.peers} connected, ${answer.validators} validators in the set`],
    ["mempool", `${count(mempool.proofs, "proof")}, ${count(mempool.bytes, "byte")}`],
    ["judge", `version ${answer.judge.version}, Z3 ${answer.judge.wasmHash.slice(0, 16)}`],
    ["node", `version ${answer.version}, up ${formatMs(answer.uptimeMs)}`],
  ];
  const key = answer.keys.find(({ votes }) => votes)?.key;
  if (answer.role === "validator") {
    rows.splice(2, 0, ["votes with", votesWith(key, answer.keys.length)]);
  }
  const { convicted, validator } = answer;
  if (convicted.length > 0) {
    const self = validator !== undefined && convicted.includes(validator);
    const who = `${count(convicted.length, "validator")}${self ? ", THIS NODE'S AMONG THEM" : ""}`;
    rows.push(["slashed", colour.red(`${who}: see \`aethel validators\``)]);
  }
  for (const [label, text] of rows) print(`${label.padEnd(11)}${text}`);
  for (const { message, next } of answer.why)
    print(`${colour.red("!")} ${message}. Next: ${next}.`);
  if (answer.why.length === 0) print(`ok         ${lastBlock(answer)}`);
}

function votesWith(key: string | undefined, held: number): string {
  if (key === undefined) {
    return held === 1
      ? "no key: the set does not name the key of this node"
      : `no key: the set names none of the ${held} keys of this node`;
  }
  return held === 1 ? key : `${key}, and holds ${count(held - 1, "other key")}`;
}

/**
 * Describes the last block of a node without findings. With an empty mempool, blocks come only as
 * heartbeats.
 */
function lastBlock({ quietMs, mempool, head }: Status): string {
  const idle = mempool.proofs === 0 ? "; the mempool is empty" : "";
  const last = `last block ${formatDuration(quietMs)} ago`;
  return `${head.sequence === 0 ? "no block yet" : last}${idle}`;
}

function led({ leader }: Status["consensus"]): string {
  return leader === undefined ? "" : `, led by ${short(leader)}`;
}
