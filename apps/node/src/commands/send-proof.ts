import { hashProof, type Proof, toHex } from "@aethel/models";
import { group } from "@aethel/terminal";
import type { ReceiptBody } from "../api/api.ts";
import type { CallBody } from "../api/call-api.ts";
import type { NodeClient } from "../client/node-client.ts";
import { untilFinal } from "../client/until-final.ts";
import { formatTokens, short } from "../terminal/format.ts";
import { note, print } from "../terminal/output.ts";

/** Options of commands that submit a proof and wait for it. */
export interface SendOptions {
  readonly wait: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/**
 * Submits a proof, and waits until it is final unless `wait` is false. Resolves to its receipt;
 * undefined if it did not wait. `about`: fields that `--json` prints beside the hash.
 */
export async function sendProof(
  client: NodeClient,
  proof: Proof,
  { wait, timeout, json }: SendOptions,
): Promise<ReceiptBody | undefined> {
  const hash = toHex(hashProof(proof));
  await client.submit(proof);
  if (!wait) {
    print(json === true ? JSON.stringify({ hash, status: "pending" }) : `pending  ${hash}`);
    return undefined;
  }
  if (json !== true) note(`in the mempool: ${hash}`);
  return await untilFinal(client, hash, timeout * 1_000);
}

/** Exit code for a receipt: 0 if the proof took effect, or if it did not wait for a receipt. */
export function exitCodeFor(receipt: ReceiptBody | undefined): number {
  if (receipt === undefined) return 0;
  return receipt.outcome === "applied" || receipt.outcome === "recorded" ? 0 : 1;
}

/**
 * Describes a receipt: outcome, place and fee; below it the reason if there is one, and what each
 * call of a contract wrote and emitted.
 */
export function describeReceipt(receipt: ReceiptBody): string {
  const { outcome, sequence, difficulty, fee, burned, tip, detail, kind, trust } = receipt;
  const basis = kind === "invoke" || trust === "none" ? "" : ` (${trust})`;
  const tokens = (amount: string): string => formatTokens(BigInt(amount));
  const tipped = tip === "0" ? "" : `, tip ${tokens(tip)}`;
  const paid = `fee ${tokens(fee)} (burned ${tokens(burned)}${tipped})`;
  const locked = receipt.deposit === "0" ? "" : `, deposit ${tokens(receipt.deposit)}`;
  const work = kind === "invoke" ? "" : `, difficulty ${difficulty}`;
  const facts = `${outcome}${basis}  sequence ${sequence}${work}, ${paid}${locked}`;
  return [facts, ...(detail === "" ? [] : [detail]), ...receipt.calls.flatMap(callLines)].join(
    "\n",
  );
}

function callLines({ name, cells, vaults, events }: CallBody): readonly string[] {
  if (name === undefined) return [];
  const written = cells.map(({ place, present }) => `${present ? "wrote" : "removed"} ${place}`);
  const moved = vaults.map(({ asset, before, after }) => {
    const unit = asset === NATIVE ? "tokens" : `of ${short(asset)}`;
    const [from, to] = [before, after].map((amount) =>
      asset === NATIVE ? formatTokens(BigInt(amount)) : group(amount),
    );
    return `vault ${from} -> ${to} ${unit}`;
  });
  const told = events.map((one) => `event ${one.name} ${JSON.stringify(one.value ?? one.bytes)}`);
  const all = [...written, ...moved, ...told];
  return all.length === 0 ? [] : [`${name}: ${all.join(", ")}`];
}

const NATIVE = "0".repeat(64);
