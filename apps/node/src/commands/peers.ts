import type { BanBody, PeerBody } from "../api/peer-api.ts";
import { createOperatorClient, type OperatorClient } from "../client/operator-client.ts";
import { layoutOf } from "../files/layout.ts";
import { readOperatorToken } from "../files/operator-token.ts";
import { layOut } from "../terminal/columns.ts";
import { formatBytes, formatDuration, formatMs, short } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

/** Options that name a node to its operator. */
export interface OperatorOptions {
  readonly url: string;
  readonly dataDir: string;
  readonly json?: boolean;
}

/** Runs `aethel peers`. */
export async function showPeers(options: OperatorOptions): Promise<void> {
  const client = await clientOf(options);
  const answer = await client.peers();
  if (options.json === true) return print(JSON.stringify(answer));
  if (answer.peers.length === 0) print("no peer is connected");
  const left = { align: "left" } as const;
  const right = { align: "right" } as const;
  const columns = [left, left, left, right, right, right, right, right, left];
  const head = ["peer", "kind", "address", "ping", "in", "out", "score", "faults", "dropped"];
  const rows = answer.peers.map(rowOf);
  for (const line of layOut(columns, rows.length === 0 ? [] : [head, ...rows])) print(line);
  for (const ban of answer.bans) print(describeBan(ban, Date.now()));
}

/** Runs `aethel peers ban`. */
export async function ban(
  target: string,
  options: OperatorOptions & { readonly hours: number; readonly reason: string },
): Promise<void> {
  const client = await clientOf(options);
  const { hours, reason } = options;
  const made = await client.ban({ target, forMs: Math.round(hours * 3_600_000), reason });
  print(describeBan(made, made.sinceMs));
}

/** Runs `aethel peers unban`. */
export async function unban(target: string, options: OperatorOptions): Promise<void> {
  const client = await clientOf(options);
  await client.unban(target);
  print(`${target} may connect again`);
}

async function clientOf({ url, dataDir }: OperatorOptions): Promise<OperatorClient> {
  const token = await readOperatorToken(layoutOf(dataDir));
  return createOperatorClient({ url, token });
}

function rowOf(peer: PeerBody): readonly string[] {
  const { validator, pingMs, drops } = peer;
  return [
    peer.peer,
    validator === undefined ? "observer" : `validator ${short(validator)}`,
    peer.address,
    pingMs === undefined ? "" : formatMs(pingMs),
    formatBytes(peer.bytesIn),
    formatBytes(peer.bytesOut),
    String(Math.round(peer.score)),
    String(peer.faults),
    Object.entries(drops)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(", "),
  ];
}

/** Describes a ban in one line. */
function describeBan({ target, untilMs, reason, by, times }: BanBody, nowMs: number): string {
  const rest = formatDuration(Math.max(0, untilMs - nowMs));
  const who = by === "operator" ? "by the operator" : `by this node, offence ${times}`;
  return `banned: ${target} for ${rest} more, ${who}: ${reason}`;
}
