import { fromHex, toDigest } from "@aethel/models";
import { compileContract, nearestName, type TypedContract } from "@aethel/verifier";
import type { ContractBody, ContractDetail } from "../api/contract-api.ts";
import type { NodeClient } from "../client/node-client.ts";
import { failure } from "../failure/failure.ts";

/** Parts of a node's API with which contracts are found. */
export type ContractClient = Pick<
  NodeClient,
  "url" | "contracts" | "contractPage" | "contractsBeginning" | "contract"
>;

/** Published contract, compiled from its text here. */
export interface FoundContract {
  readonly detail: ContractDetail;
  readonly typed: TypedContract;
}

/** Number of contracts among whose names one is looked for that is near to a misspelt one. */
const NAMES_MAX = 100;

/** Most candidates that a message lists. */
const SHOWN_MAX = 5;

/**
 * Finds a contract by its name, by the first 4 or more digits of its digest, or by both as
 * `name@digits`. Its text is compiled here, and has to have the digest.
 * @throws NodeError `NOT_FOUND`; `USAGE` if several contracts fit, with the candidates.
 */
export async function findContract(client: ContractClient, text: string): Promise<FoundContract> {
  const [digest, second] = await digestsOf(client, text);
  if (digest === undefined) {
    const next = "publish it with `aethel publish FILE`, or list what there is: `aethel contracts`";
    throw failure(
      "NOT_FOUND",
      `there is no contract ${text}${await suggestion(client, text)}`,
      next,
    );
  }
  if (second !== undefined) throw await ambiguous(client, text);
  const detail = await client.contract(digest);
  const compiled = compileContract(detail.text);
  if (compiled.type !== "contract") {
    const next = "use the version of Aethel that the chain uses";
    throw failure("UNREACHABLE", `the text of contract ${digest} cannot be read here`, next);
  }
  const { contract: typed } = compiled;
  if (!typed.digest.every((byte, at) => byte === fromHex(digest)[at])) {
    const next = "name another node with --url: this one does not tell the truth";
    throw failure("UNREACHABLE", `${client.url} sent another text than that of ${digest}`, next);
  }
  return { detail, typed };
}

/** Returns a question for a name that is near, among the first contracts of the node. */
async function suggestion(client: ContractClient, text: string): Promise<string> {
  const [name = ""] = text.split("@");
  const { contracts } = await client.contractPage({ limit: NAMES_MAX });
  const near = nearestName(name, [...new Set(contracts.map((one) => one.name))]);
  return near === undefined || near === name ? "" : `; did you mean \`${near}\`?`;
}

async function digestsOf(client: ContractClient, text: string): Promise<readonly string[]> {
  const whole = text.replace(/^0x/, "").toLowerCase();
  if (/^[0-9a-f]{64}$/.test(whole)) return [whole];
  return (await candidates(client, text)).map(({ digest }) => digest);
}

async function candidates(client: ContractClient, text: string): Promise<readonly ContractBody[]> {
  const [name = "", digits = ""] = text.split("@");
  const named = (await client.contracts(name)).filter(({ digest }) =>
    digest.startsWith(digits.toLowerCase()),
  );
  if (named.length > 0) return named;
  const prefix = text.replace(/^0x/, "").toLowerCase();
  return /^[0-9a-f]{4,64}$/.test(prefix) ? await client.contractsBeginning(prefix) : [];
}

async function ambiguous(client: ContractClient, text: string): Promise<Error> {
  const found = await candidates(client, text);
  const listed = found.slice(0, SHOWN_MAX).map(({ name, digest, sequence, author }) => {
    return `${name}@${digest.slice(0, 8)}  ${digest}  block ${sequence}, by ${author}`;
  });
  const rest = found.length - listed.length;
  const details = rest > 0 ? [...listed, `and ${rest} more: aethel contracts`] : listed;
  const [first] = found;
  const next = `name one, such as ${first?.name}@${first?.digest.slice(0, 8)}`;
  return failure("USAGE", `${found.length} contracts fit ${text}`, next).explainedBy(details);
}

/** Finds an intent of a contract by its name. @throws NodeError `NOT_FOUND` with a suggestion. */
export function findContractIntent(
  { typed }: FoundContract,
  name: string,
): TypedContract["intents"][number] {
  const intent = typed.intents.find((one) => one.name === name);
  if (intent !== undefined) return intent;
  const names = typed.intents.map((one) => one.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  const next = `call one of ${names.join(", ")}`;
  throw failure("NOT_FOUND", `${typed.name} has no intent \`${name}\`${hint}`, next);
}

export function digestOf({ detail }: FoundContract): ReturnType<typeof toDigest> {
  return toDigest(fromHex(detail.digest));
}
