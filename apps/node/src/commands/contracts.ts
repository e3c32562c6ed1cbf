import type { ContractBody } from "../api/contract-api.ts";
import { createNodeClient } from "../client/node-client.ts";
import { signatureOf } from "../contract/arguments.ts";
import { type FoundContract, findContract } from "../contract/find-contract.ts";
import { stateLines } from "../contract/show-interface.ts";
import { layOut } from "../terminal/columns.ts";
import { short } from "../terminal/format.ts";
import { print } from "../terminal/output.ts";

interface ContractsOptions {
  readonly url: string;
  /** Digest after which the page begins. */
  readonly after?: string;
  readonly limit: number;
  /** Whether the canonical text of a contract is printed, and nothing else. */
  readonly text?: boolean;
  readonly json?: boolean;
}

/** Runs `aethel contracts [CONTRACT]`: shows a page of all contracts, or one with its interface. */
export async function contracts(
  name: string | undefined,
  options: ContractsOptions,
): Promise<void> {
  const client = createNodeClient(options.url);
  if (name !== undefined) {
    const found = await findContract(client, name);
    if (options.text === true) return print(found.detail.text.trimEnd());
    if (options.json === true) return print(JSON.stringify(found.detail));
    return showOne(found);
  }
  const { after, limit } = options;
  const page = await client.contractPage({ limit, ...(after === undefined ? {} : { after }) });
  if (options.json === true) return print(JSON.stringify(page));
  if (page.contracts.length === 0) return print("no contract is published");
  for (const line of tableOf(page.contracts)) print(line);
  if (page.next !== undefined) print(`more: aethel contracts --after ${page.next}`);
}

function tableOf(all: readonly ContractBody[]): readonly string[] {
  const rows = all.map(({ name, digest, sequence, author }) => {
    return [name, digest, String(sequence), short(author)];
  });
  const columns = ["left", "left", "right", "left"] as const;
  return layOut(
    columns.map((align) => ({ align })),
    [["contract", "digest", "block", "author"], ...rows],
  );
}

function showOne({ detail, typed }: FoundContract): void {
  const { certification, languageVersion, judgeVersion, difficulty } = detail;
  const rows: (readonly [string, string])[] = [
    ["contract", `${detail.name}   language ${languageVersion}`],
    ["digest", detail.digest],
    ["author", detail.author],
    ["published", `block ${detail.sequence}, difficulty ${difficulty}`],
    ["proved", `judge ${judgeVersion}, kernel ${certification.kernelVersion}`],
    ...typed.intents.map(({ name, parameters }) => {
      return ["intent", `${name}(${parameters.map(signatureOf).join(", ")})`] as const;
    }),
    ...stateLines(typed).map((line) => ["state", line] as const),
    ...typed.assets.map(({ name, isOwn }) => {
      return ["asset", `${name}${isOwn ? ", issued by this contract alone" : ""}`] as const;
    }),
    ...typed.invariants.map(({ name }) => ["invariant", name] as const),
    ...typed.transitions.map(({ name }) => ["transition", name] as const),
    ...typed.exits.map(({ name, via }) => ["exit", `${name} via ${via.intent}`] as const),
    ...typed.uncovered.map(({ asset, reason }) => {
      return ["uncovered", `${asset === "" ? "tokens" : asset}: ${reason}`] as const;
    }),
  ];
  for (const [label, text] of rows) print(`${label.padEnd(11)}${text}`);
}
