import { encodeKeys, stateKey } from "@aethel/ledger";
import { encodeProof, prove } from "@aethel/merkle";
import {
  type AssetId,
  BlockHeader,
  type Digest,
  encodeValidatorSet,
  equalBytes,
  NATIVE_ASSET,
  QuorumCertificate,
  toDigest,
  toHex,
  toSequence,
} from "@aethel/models";
import { defaultOf, type FieldValue, type TypedContract } from "@aethel/verifier";
import type { Context, Hono } from "hono";
import type {
  CellBody,
  ContractStateBody,
  HeaderBody,
  ScalarsBody,
  StateProof,
  VaultBody,
} from "../api/contract-api.ts";
import { contractBody, contractInterface } from "../api/contract-json.ts";
import { keyOfText, keyText, typeText, valueJson } from "../api/contract-value.ts";
import { failure } from "../failure/failure.ts";
import type { NodeView } from "./node-view.ts";
import { nextOf, readBytes32, readNatural, readPage } from "./parameters.ts";
import { missing } from "./respond.ts";

/** Most contracts in one answer. */
const CONTRACTS_MAX = 100;

/** Adds routes about published contracts and their states; all of them only read. */
export function addContractRoutes(app: Hono, node: NodeView): void {
  const { contracts } = node.ledger;
  app.get("/contracts", (context) => {
    const { begins, name } = context.req.query();
    if (begins !== undefined) {
      const found = contracts.beginning(readPrefix(begins), CONTRACTS_MAX);
      const views = found.flatMap((digest) => contracts.view(digest) ?? []);
      return context.json({ contracts: views.map(contractBody) });
    }
    const asked = readPage(context.req.query(), CONTRACTS_MAX);
    const last = asked.after === undefined ? undefined : contracts.view(toDigest(asked.after));
    if (asked.after !== undefined && last === undefined) {
      throw missing("contract", toHex(asked.after));
    }
    const after = last && { name: last.name, id: toHex(last.digest) };
    const { entries, next } = contracts.page({ name, after, limit: asked.limit });
    return context.json({ contracts: entries.map(contractBody), ...nextOf(next?.id) });
  });
  app.get("/contracts/:digest", (context) => {
    const digest = digestOf(context);
    const view = contracts.view(digest);
    if (view === undefined) throw missing("contract", toHex(digest));
    const shown = contractInterface(contractOf(context, node));
    return context.json({ ...contractBody(view), text: view.text, interface: shown });
  });
  app.get("/headers/:sequence", async (context) => {
    const sequence = toSequence(readNatural("sequence", context.req.param("sequence")));
    const header = await node.ledger.header(sequence);
    if (header === undefined) throw missing("header", String(sequence));
    const body: HeaderBody = { sequence, header: toHex(BlockHeader.encode(header)) };
    return context.json(body);
  });
  addStateRoutes(app, node);
}

function addStateRoutes(app: Hono, node: NodeView): void {
  const { contracts } = node.ledger;
  const place = ({ digest }: TypedContract): { contract: string; sequence: number } => ({
    contract: toHex(digest),
    sequence: node.ledger.head().header.sequence,
  });
  app.get("/contracts/:digest/state", (context) => {
    const contract = contractOf(context, node);
    const vault = assetsOf(contract).map(({ asset, id }) => {
      const amount = String(contracts.vault(contract.digest, id) ?? 0n);
      return { asset, id: toHex(id), amount };
    });
    const body: ContractStateBody = {
      ...place(contract),
      scalars: scalarsJson(contract, node),
      vault,
    };
    return context.json(body);
  });
  app.get("/contracts/:digest/state/scalars", async (context) => {
    const contract = contractOf(context, node);
    const body: ScalarsBody = { ...place(contract), scalars: scalarsJson(contract, node) };
    const key = stateKey.scalars(contract.digest);
    return context.json(await withProof(context, node, { body, contract, key }));
  });
  app.get("/contracts/:digest/state/vault/:asset", async (context) => {
    const contract = contractOf(context, node);
    const text = context.req.param("asset");
    const id = text === "native" ? NATIVE_ASSET : readBytes32("asset", text);
    const held = assetsOf(contract).find((one) => equalBytes(one.id, id));
    if (held === undefined) {
      const next = "ask for `native`, or for an asset that the contract declares";
      throw missing("vault for the asset", text, next);
    }
    const amount = String(contracts.vault(contract.digest, held.id) ?? 0n);
    const { asset } = held;
    const body: VaultBody = { ...place(contract), asset, id: toHex(held.id), amount };
    const key = stateKey.vault(contract.digest, held.id);
    return context.json(await withProof(context, node, { body, contract, key }));
  });
  app.get("/contracts/:digest/state/cells/:map/:first/:second?", async (context) => {
    const contract = contractOf(context, node);
    const { map, index, keys } = readCell(context, contract);
    const value = contracts.cell(contract, { map: index, keys });
    const body: CellBody = {
      ...place(contract),
      map: map.name,
      keys: map.keys.map((type, at) => keyText(keys[at] ?? "", type)),
      present: value !== undefined,
      value: valueJson(value ?? defaultOf(map.value), map.value),
    };
    const key = stateKey.cell(contract.digest, { map: index, keys: encodeKeys(map, keys) });
    return context.json(await withProof(context, node, { body, contract, key }));
  });
}

/** Reads the contract that a path names, compiled. @throws NodeError `BAD_REQUEST`, `NOT_FOUND`. */
function contractOf(context: Context, { ledger }: NodeView): TypedContract {
  const digest = digestOf(context);
  const contract = ledger.contracts.typed(digest);
  if (contract !== undefined) return contract;
  throw missing("contract", toHex(digest), "ask for one of `GET /contracts`");
}

function digestOf(context: Context): Digest {
  return toDigest(readBytes32("digest", context.req.param("digest") ?? ""));
}

function readPrefix(text: string): string {
  if (/^[0-9a-f]{4,64}$/.test(text)) return text;
  const next = "give the first 4 to 64 hex digits of a digest";
  throw failure("BAD_REQUEST", "begins is not 4 to 64 hex digits", next);
}

/** Assets that a contract can hold: the native one, whose name is empty, and those it declares. */
function assetsOf({ assets }: TypedContract): readonly { asset: string; id: AssetId }[] {
  const declared = assets.map(({ name, id }) => ({ asset: name, id }));
  return [{ asset: "", id: NATIVE_ASSET }, ...declared];
}

function scalarsJson(contract: TypedContract, { ledger }: NodeView): ScalarsBody["scalars"] {
  const values = ledger.contracts.scalars(contract) ?? [];
  return contract.scalars.map(({ name, type, initial }, at) => ({
    name,
    type: typeText(type),
    value: valueJson(values[at] ?? initial, type),
  }));
}

/** Reads the map and the keys of a cell from a path. */
function readCell(
  context: Context,
  contract: TypedContract,
): {
  readonly map: TypedContract["maps"][number];
  readonly index: number;
  readonly keys: readonly FieldValue[];
} {
  const name = context.req.param("map") ?? "";
  const index = contract.maps.findIndex((one) => one.name === name);
  const map = contract.maps[index];
  if (map === undefined) {
    const names = contract.maps.map((one) => one.name).join(", ");
    throw missing("map", name, names === "" ? "it has no map" : `ask for one of ${names}`);
  }
  const texts = [context.req.param("first"), context.req.param("second")].flatMap(
    (text) => text ?? [],
  );
  const types = map.keys.map(typeText).join(", ");
  const keys = map.keys.flatMap((type, at) => keyOfText(texts[at] ?? "", type) ?? []);
  if (texts.length === map.keys.length && keys.length === texts.length) return { map, index, keys };
  const form = "numbers as digits, accounts and digests as 64 lower-case hex digits, words by name";
  throw failure("BAD_REQUEST", `the keys of ${name} are of the types ${types}`, `give ${form}`);
}

/** Adds the proof of a key to an answer, if the request asks for it with `proof=true`. */
async function withProof<T extends object>(
  context: Context,
  node: NodeView,
  about: { readonly body: T; readonly contract: TypedContract; readonly key: Uint8Array },
): Promise<T & { readonly proof?: StateProof }> {
  const wish = context.req.query("proof");
  if (wish === undefined || wish === "false") return about.body;
  if (wish !== "true") {
    throw failure("BAD_REQUEST", "proof is not `true` or `false`", "give proof=true");
  }
  // Tree, header and set are read before the first `await`, so that they are of one state.
  const { tree, header, previousSet } = node.ledger.state();
  const path = encodeProof(prove(tree, about.key));
  const record = encodeProof(prove(tree, stateKey.contract(about.contract.digest)));
  const final = await node.ledger.finalized(header.sequence);
  if (final === undefined) {
    const next = "ask again after the first block";
    throw failure("NOT_FOUND", "no block is final yet, so nothing vouches for a state", next);
  }
  const proof: StateProof = {
    header: toHex(BlockHeader.encode(header)),
    certificate: toHex(QuorumCertificate.encode(final.certificate)),
    validators: toHex(encodeValidatorSet(previousSet)),
    path: toHex(path),
    record: toHex(record),
  };
  return { ...about.body, proof };
}
