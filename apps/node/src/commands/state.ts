import path from "node:path";
import { assertNever, hashGenesis, toHex } from "@aethel/models";
import type { TypedContract } from "@aethel/verifier";
import type { StateProof } from "../api/contract-api.ts";
import type { ValueJson } from "../api/contract-value.ts";
import { createNodeClient, type NodeClient, type ProofWish } from "../client/node-client.ts";
import { parseCheckpoint } from "../config/checkpoint.ts";
import { createAccountNames } from "../contract/account-names.ts";
import type { TrustAnchor } from "../contract/check-header.ts";
import { findContract } from "../contract/find-contract.ts";
import { stateLines } from "../contract/show-interface.ts";
import { showHolding, showValue } from "../contract/show-value.ts";
import {
  entryOf,
  keysOf,
  placeText,
  readPlace,
  type StatePlace,
  typeAt,
  valueAt,
} from "../contract/state-place.ts";
import { type StateVerdict, type VerifiedState, verifyState } from "../contract/verify-state.ts";
import { failure } from "../failure/failure.ts";
import { formatDuration } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

interface StateOptions {
  readonly url: string;
  /** Key file whose folder has the key files of accounts that keys name. */
  readonly account?: string;
  /** Whether the value is verified here, from a Merkle proof. */
  readonly proof?: boolean;
  readonly checkpoint?: string;
  /** Hash that the genesis must have. */
  readonly chainId?: string;
  readonly json?: boolean;
}

/**
 * Runs `aethel state CONTRACT [PLACE]`: shows the state of a contract, or one value of it. With
 * `--proof`, exit code 1 if the value is not verified.
 */
export async function state(words: readonly string[], options: StateOptions): Promise<number> {
  const [name = "", ...rest] = words;
  checkAnchor(options);
  const client = createNodeClient(options.url);
  const { typed } = await findContract(client, name);
  if (rest.length === 0) {
    if (options.proof === true) {
      throw failure("USAGE", "--proof is about one value", "name a scalar, a cell, or `vault`");
    }
    await showAll(client, typed, options);
    return 0;
  }
  const folder = options.account === undefined ? undefined : path.dirname(options.account);
  const accounts = createAccountNames({ author: undefined, folder });
  const now = BigInt(Math.floor(Date.now() / 1_000));
  const place = await readPlace(typed, rest, { accounts, now });
  return options.proof === true
    ? await showProved(client, { typed, place }, options)
    : await showOne(client, { typed, place }, options);
}

/** Refuses a hash of a genesis or a checkpoint that is none, before a node is asked. */
function checkAnchor({ chainId, checkpoint }: StateOptions): void {
  if (chainId !== undefined && !/^[0-9a-f]{64}$/.test(digitsOf(chainId))) {
    const next = "give the 64 hex digits that `aethel genesis` or the chain's operators print";
    throw failure("USAGE", `--chain-id ${chainId} is not the hash of a genesis`, next);
  }
  if (checkpoint !== undefined) parseCheckpoint(checkpoint);
}

function digitsOf(hash: string): string {
  return hash.replace(/^0x/, "").toLowerCase();
}

interface Asked {
  readonly typed: TypedContract;
  readonly place: StatePlace;
}

async function showAll(
  client: NodeClient,
  typed: TypedContract,
  { json }: StateOptions,
): Promise<void> {
  const body = await client.contractState(toHex(typed.digest));
  if (json === true) return print(JSON.stringify(body));
  print(`${typed.name} ${body.contract} after block ${body.sequence}`);
  for (const [at, { name, value }] of body.scalars.entries()) {
    const type = typed.scalars[at]?.type;
    if (type !== undefined) printValue(name, showValue(value, type));
  }
  for (const { asset, amount } of body.vault) {
    const label = asset === "" ? "vault.balance" : `vault.balance[${asset}]`;
    printValue(label, [showHolding(amount, asset)]);
  }
  for (const line of stateLines({ ...typed, scalars: [] })) print(`${line}   (name its keys)`);
}

async function showOne(client: NodeClient, asked: Asked, options: StateOptions): Promise<number> {
  const { value, sequence, present } = await ask(client, asked, "without-proof");
  const about = { place: placeText(asked.typed, asked.place), sequence, present, value };
  if (options.json === true) print(JSON.stringify(about));
  else showFound(asked, { value, present });
  return 0;
}

interface Answer {
  readonly value: ValueJson;
  readonly sequence: number;
  readonly present: boolean;
  readonly proof?: StateProof | undefined;
}

async function ask(client: NodeClient, { typed, place }: Asked, wish: ProofWish): Promise<Answer> {
  const digest = toHex(typed.digest);
  switch (place.type) {
    case "scalar": {
      const body = await client.scalars(digest, wish);
      const value = body.scalars[place.at]?.value ?? "";
      return { value, present: true, sequence: body.sequence, proof: body.proof };
    }
    case "vault": {
      const asset = place.asset === "" ? "native" : toHex(place.id);
      const { amount, sequence, proof } = await client.vault(digest, asset, wish);
      return { value: amount, present: true, sequence, proof };
    }
    case "cell":
      return await client.cell(digest, { map: place.map.name, keys: keysOf(place) }, wish);
    default:
      return assertNever(place);
  }
}

/** Shows a value that is verified here; what the node says of it does not matter. */
async function showProved(
  client: NodeClient,
  asked: Asked,
  options: StateOptions,
): Promise<number> {
  const { typed, place } = asked;
  const genesis = await client.genesis();
  const chain = toHex(hashGenesis(genesis));
  if (options.chainId !== undefined && digitsOf(options.chainId) !== chain) {
    const next = "name a node of your chain with --url";
    throw failure("REFUSED", `the node has a genesis with the hash ${chain}`, next);
  }
  const { proof } = await ask(client, asked, "with-proof");
  if (proof === undefined) {
    throw failure("UNREACHABLE", "the node sent no proof", "ask another node with --url");
  }
  const verdict = verifyState({
    proof,
    key: entryOf(typed, place),
    contract: typed.digest,
    text: typed.canonical,
    genesis,
    anchor: await anchorOf(client, options),
    nowMs: Date.now(),
  });
  return report(asked, { verdict, chain, ...options });
}

async function anchorOf(
  client: NodeClient,
  { checkpoint: text }: StateOptions,
): Promise<TrustAnchor> {
  if (text === undefined) return { type: "genesis" };
  const checkpoint = parseCheckpoint(text);
  return { type: "checkpoint", checkpoint, header: await client.header(checkpoint.sequence) };
}

function report(
  { typed, place }: Asked,
  about: StateOptions & { readonly verdict: StateVerdict; readonly chain: string },
): number {
  const { verdict, json } = about;
  const shown = placeText(typed, place);
  if (!verdict.ok) {
    const { reason } = verdict;
    const next =
      "give --checkpoint of a node that you trust (`aethel checkpoint` prints it), or another --url";
    if (json === true) print(JSON.stringify({ place: shown, verified: false, reason }));
    else throw failure("REFUSED", `${shown} is not verified: ${reason}`, next);
    return 1;
  }
  const { state: found } = verdict;
  const value = valueAt(typed, place, found.value);
  const present = found.value !== undefined;
  const { sequence, timestamp } = found.header;
  const facts = { place: shown, sequence, present, value, verified: true };
  if (json === true) print(JSON.stringify({ ...facts, chain: about.chain, ...checkedJson(found) }));
  else {
    showFound({ typed, place }, { value, present });
    const age = formatDuration(Math.max(0, Date.now() - timestamp));
    for (const line of checkedLines(found, { ...about, present, age })) print(line);
  }
  return 0;
}

function checkedJson({ stateRoot, signers, members, basisPoints }: VerifiedState): object {
  return { stateRoot, signers, members, basisPoints };
}

function checkedLines(
  { header, stateRoot, signers, members, basisPoints }: VerifiedState,
  about: {
    readonly chain: string;
    readonly checkpoint?: string;
    readonly chainId?: string;
    readonly present: boolean;
    readonly age: string;
  },
): readonly string[] {
  const what = about.present ? "the value" : "the absence of the cell";
  const pinned = about.chainId === undefined ? ", as the node says (--chain-id pins it)" : "";
  const anchor =
    about.checkpoint === undefined
      ? `genesis ${about.chain}${pinned}`
      : "the checkpoint that you gave";
  return [
    "checked here:",
    `  path     ${what} and the contract's record, to state root ${stateRoot}`,
    `  block    ${header.sequence}, dated ${about.age} ago, has that root`,
    `  quorum   ${signers} of ${members} validators signed it, with ${basisPoints / 100} % of the power`,
    `  set      follows from ${anchor}`,
  ];
}

function showFound(
  { typed, place }: Asked,
  { value, present }: { readonly value: ValueJson; readonly present: boolean },
): void {
  const label = placeText(typed, place);
  const lines =
    place.type === "vault" && typeof value === "string"
      ? [showHolding(value, place.asset)]
      : showValue(value, typeAt(typed, place));
  printValue(present ? label : `${label} (absent: the default)`, lines);
}

/** Prints a value: beside its label if it is one line, else below. */
function printValue(label: string, lines: readonly string[]): void {
  const [only, ...more] = lines;
  if (more.length === 0) return print(`${label}  ${only ?? ""}`);
  print(label);
  for (const line of lines) print(`  ${line}`);
}
