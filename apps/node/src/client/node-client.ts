import { BlockHeader, fromHex, Genesis, Proof, ProofBody } from "@aethel/models";
import { z } from "zod";
import {
  AccountState,
  BlockBody,
  ErrorEnvelope,
  EvidenceDetail,
  IntentsBody,
  ProofState,
  type SlashBody,
  SlashesBody,
  Status,
  Submitted,
  ValidatorDetail,
  ValidatorsBody,
} from "../api/api.ts";
import {
  CellBody,
  type ContractBody,
  ContractDetail,
  ContractStateBody,
  ContractsBody,
  HeaderBody,
  ScalarsBody,
  VaultBody,
} from "../api/contract-api.ts";
import { FeesBody, QuoteBody } from "../api/fee-api.ts";
import { failure } from "../failure/failure.ts";
import { readEvents, type ServerEvent } from "./server-events.ts";

/**
 * Client of a node's HTTP API. It checks the form of every answer. Every method rejects with a
 * `NodeError` only.
 */
export interface NodeClient {
  readonly url: string;
  status(): Promise<Status>;
  genesis(): Promise<Genesis>;
  account(id: string): Promise<AccountState>;
  block(sequence: number): Promise<BlockBody>;
  proof(hash: string): Promise<ProofState>;
  validators(): Promise<z.infer<typeof ValidatorsBody>["validators"]>;
  /** Reads the accounts that have or had stake and whose id begins with `prefix`. */
  validatorsBeginning(prefix: string): Promise<z.infer<typeof ValidatorsBody>["validators"]>;
  /** Reads an account that has or had stake, by its whole id. */
  validator(id: string): Promise<ValidatorDetail>;
  /** Reads the last 100 slashes, oldest first. */
  slashes(): Promise<readonly SlashBody[]>;
  evidence(id: string): Promise<EvidenceDetail>;
  /** Reads the intents with a name, or all intents if `name` is undefined. */
  intents(name?: string): Promise<z.infer<typeof IntentsBody>["intents"]>;
  /** Reads the contracts with a name, or all contracts if `name` is undefined. */
  contracts(name?: string): Promise<readonly ContractBody[]>;
  /** Reads a page of all contracts. `after`: digest of the last one of the page before. */
  contractPage(page: { readonly after?: string; readonly limit: number }): Promise<ContractsBody>;
  /** Reads the contracts whose digest begins with these 4 to 64 hex digits. */
  contractsBeginning(prefix: string): Promise<readonly ContractBody[]>;
  /** Reads the record, the interface and the text of a contract. */
  contract(digest: string): Promise<ContractDetail>;
  /** Reads the header of a final block, as its canonical bytes. */
  header(sequence: number): Promise<BlockHeader>;
  /** Reads all scalars of a contract, and the holdings of its vault. */
  contractState(digest: string): Promise<ContractStateBody>;
  /** Reads all scalars of a contract. */
  scalars(digest: string, proof: ProofWish): Promise<ScalarsBody>;
  /** Reads the holdings of a vault in one asset, by its id; `native` for the native one. */
  vault(digest: string, asset: string, proof: ProofWish): Promise<VaultBody>;
  /** Reads a cell of a contract, by the text of its keys. */
  cell(digest: string, place: CellPlace, proof: ProofWish): Promise<CellBody>;
  /** Reads the prices of the next block. */
  fees(): Promise<FeesBody>;
  /** Fetches a quote for a proof with this body. The body's fee limit is ignored. */
  quote(body: ProofBody): Promise<QuoteBody>;
  /** Submits a proof. @throws NodeError `REFUSED` with the mempool's reason. */
  submit(proof: Proof): Promise<Submitted>;
  /**
   * Reads the events after number `after`, until the node ends the stream or `signal` is aborted.
   */
  events(options: {
    readonly after: number;
    readonly signal: AbortSignal;
  }): AsyncIterable<ServerEvent>;
}

/** Whether an answer about a state has its Merkle proof. */
export type ProofWish = "with-proof" | "without-proof";

/** Cell of a contract: its map, and its keys as text. */
export interface CellPlace {
  readonly map: string;
  readonly keys: readonly string[];
}

const TIMEOUT_MS = 10_000;

/** Creates a client. @throws NodeError `USAGE` when `url` is no URL. */
export function createNodeClient(url: string): NodeClient {
  if (!URL.canParse(url) || !url.startsWith("http")) {
    const next = "give --url http://HOST:PORT, or set AETHEL_URL to it";
    throw failure("USAGE", `\`${url}\` is not an HTTP URL`, next);
  }
  const base = url.endsWith("/") ? url : `${url}/`;
  const get = <S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> =>
    callNode(new URL(path, base), schema, {});
  return {
    url,
    status: () => get("status", Status),
    genesis: async () => Genesis.fromJson(await get("genesis", z.unknown())),
    account: (id) => get(`accounts/${id}`, AccountState),
    block: (sequence) => get(`blocks/${sequence}`, BlockBody),
    proof: (hash) => get(`proofs/${hash}`, ProofState),
    validators: async () =>
      await allPages(async (after) => {
        const { validators, next } = await get(`validators${after}`, ValidatorsBody);
        return { entries: validators, next };
      }),
    validatorsBeginning: async (prefix) =>
      (await get(`validators?begins=${prefix}`, ValidatorsBody)).validators,
    validator: (id) => get(`validators/${id}`, ValidatorDetail),
    slashes: async () => (await get("slashes", SlashesBody)).slashes,
    evidence: (id) => get(`evidence/${id}`, EvidenceDetail),
    intents: async (name) =>
      await allPages(async (after) => {
        const { intents, next } = await get(`intents${paged(after, name)}`, IntentsBody);
        return { entries: intents, next };
      }),
    contracts: async (name) =>
      await allPages(async (after) => {
        const { contracts, next } = await get(`contracts${paged(after, name)}`, ContractsBody);
        return { entries: contracts, next };
      }),
    contractPage: ({ after, limit }) => {
      const from = after === undefined ? "" : `&after=${after}`;
      return get(`contracts?limit=${limit}${from}`, ContractsBody);
    },
    contractsBeginning: async (prefix) =>
      (await get(`contracts?begins=${prefix}`, ContractsBody)).contracts,
    contract: (digest) => get(`contracts/${digest}`, ContractDetail),
    header: async (sequence) =>
      BlockHeader.decode(fromHex((await get(`headers/${sequence}`, HeaderBody)).header)),
    contractState: (digest) => get(`contracts/${digest}/state`, ContractStateBody),
    scalars: (digest, proof) => get(`contracts/${digest}/state/scalars${wish(proof)}`, ScalarsBody),
    vault: (digest, asset, proof) =>
      get(`contracts/${digest}/state/vault/${asset}${wish(proof)}`, VaultBody),
    cell: (digest, { map, keys }, proof) => {
      const path = [map, ...keys].map(encodeURIComponent).join("/");
      return get(`contracts/${digest}/state/cells/${path}${wish(proof)}`, CellBody);
    },
    fees: () => get("fees", FeesBody),
    quote: (body) =>
      callNode(new URL("quote", base), QuoteBody, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: ProofBody.encode(body).slice(),
      }),
    submit: (proof) =>
      callNode(new URL("proofs", base), Submitted, {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: Proof.encode(proof).slice(),
      }),
    events: ({ after, signal }) => readEvents(new URL(`events?after=${after}`, base), signal),
  };
}

/** Query of a page: `after` is empty or a query string. */
function paged(after: string, name: string | undefined): string {
  if (name === undefined) return after;
  return `${after}${after === "" ? "?" : "&"}name=${encodeURIComponent(name)}`;
}

function wish(proof: ProofWish): string {
  return proof === "with-proof" ? "?proof=true" : "";
}

/**
 * Reads all pages of a list. `page` reads one page. Its argument is the query string, which is
 * empty for the first page.
 */
async function allPages<T>(
  page: (
    after: string,
  ) => Promise<{ readonly entries: readonly T[]; readonly next?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let after = "";
  for (;;) {
    const { entries, next } = await page(after);
    all.push(...entries);
    if (next === undefined) return all;
    after = `?after=${next}`;
  }
}

/**
 * Sends a request to a node, and checks the form of its answer. @throws NodeError if no node
 * answers, or if it refuses the request.
 */
export async function callNode<S extends z.ZodType>(
  url: URL,
  schema: S,
  init: RequestInit,
): Promise<z.infer<S>> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    const next =
      "start the node (`aethel start`, `aethel localnet`), or name another with --url; a node " +
      "answers up to half a minute after its start";
    throw failure("UNREACHABLE", `no node answers at ${url.origin}`, next, cause);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refused(url, response.status, body);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const next = "name the HTTP address of an Aethel node with --url";
  throw failure("UNREACHABLE", `${url.origin} does not answer as an Aethel node`, next);
}

function refused(url: URL, status: number, body: unknown): Error {
  const envelope = ErrorEnvelope.safeParse(body);
  if (!envelope.success) {
    const next = "name the HTTP address of an Aethel node with --url";
    return failure("UNREACHABLE", `${url.origin} answered ${status} and is no Aethel node`, next);
  }
  const { code, message, next } = envelope.data.error;
  // These two codes say no more than the message.
  const text = code === "REFUSED" || code === "NOT_FOUND" ? message : `${message} (${code})`;
  return failure(status === 404 ? "NOT_FOUND" : "REFUSED", text, next);
}
