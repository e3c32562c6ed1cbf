import { readFileSync } from "node:fs";
import { compileSource, interpretIntent } from "@aethel/verifier";
import { compileContract } from "../src/contract/compile-contract.ts";
import type { ContractChanges, ContractState } from "../src/contract/execution/contract-state.ts";
import { runCall } from "../src/contract/execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../src/contract/typed/typed-contract.ts";
import type { ContractValue, FieldValue } from "../src/contract/typed/value-types.ts";

/** One call on a state in memory, by its number. Returns whether it applied. */
export type BenchCall = (at: number) => boolean;

/** Accounts that hold tokens and gold, on a state in memory. */
export interface Holders {
  readonly names: readonly string[];
  readonly balances: Map<string, bigint>;
}

/** Creates accounts that each hold 1,000 of everything. */
export function createHolders(count: number): Holders {
  const names = Array.from({ length: count }, (_, at) => at.toString(16).padStart(64, "a"));
  return {
    names,
    balances: new Map(names.map((name) => [name, 1_000n])),
  };
}

/** Makes calls of the plain transfer, each from another account to another one. */
export function transfers({ names, balances }: Holders): BenchCall {
  const compiled = compileSource(
    "intent transfer(signer from: Account, to: Account, amount: Amount) { guard { amount > 0; from.balance >= amount; } effect { from.balance -= amount; to.balance += amount; } verify { true; } }",
  );
  const [intent] = compiled.ok ? compiled.intents : [];
  if (intent === undefined) throw new Error("the transfer does not compile");
  const read = (account: string): bigint => balances.get(account) ?? 0n;
  return (at) => {
    const [from, to] = pair(names, at);
    const given = new Map<string, bigint | string>([
      ["from", from],
      ["to", to],
      ["amount", 100n],
    ]);
    return interpretIntent(intent, { arguments: given, sequence: 5n, read }).type === "applied";
  };
}

/**
 * Makes calls of `release` of the escrow, each of another deal. There is a deal for each account.
 * With `isStored` what a call changes is written to the state, so each deal is released once.
 */
export function releases(
  { names, balances: initial }: Holders,
  { isStored }: { readonly isStored: boolean },
): BenchCall {
  const { contract, intent } = load("escrow", "release");
  const balances = isStored ? new Map(initial) : initial;
  const deals = new Map<FieldValue, ContractValue>(
    names.map((payer, at) => {
      const [, payee] = pair(names, at);
      return [BigInt(at), [payer, payee, 100n, 100n, true]];
    }),
  );
  const store = ({ cells, holdings }: ContractChanges): void => {
    for (const { keys, after } of cells) deals.set(keys[0] ?? 0n, after);
    for (const { account, after } of holdings) balances.set(account, after);
  };
  const state: ContractState = {
    ...amountsOf(balances),
    scalar: () => BigInt(names.length),
    cell: (_map, [id]) => (typeof id === "bigint" ? deals.get(id) : undefined),
  };
  return (number) => {
    const at = number % names.length;
    const given = new Map([["id", BigInt(at)]]);
    const signers = new Set([names[at] ?? ""]);
    const result = runCall(contract, intent, callOf(given, signers, state));
    if (isStored && result.type === "applied") store(result.changes);
    return result.type === "applied";
  };
}

/** Makes calls of `buy_gold` of the exchange, each by another account. */
export function swaps({ names, balances }: Holders): BenchCall {
  const { contract, intent } = load("exchange", "buy_gold");
  const state: ContractState = {
    ...amountsOf(balances),
    scalar: () => 1_000_000n,
    cell: () => undefined,
  };
  return (number) => {
    const at = number % names.length;
    const given = new Map<string, FieldValue>([
      ["buyer", names[at] ?? ""],
      ["tokens", 100n],
      ["gold", 90n],
    ]);
    const signers = new Set([names[at] ?? ""]);
    return runCall(contract, intent, callOf(given, signers, state)).type === "applied";
  };
}

function callOf(
  given: ReadonlyMap<string, FieldValue>,
  signers: ReadonlySet<string>,
  state: ContractState,
): Parameters<typeof runCall>[2] {
  const clock = { sequence: 5n, now: 50n };
  return { ...clock, arguments: given, signers, state, isSignature: () => false };
}

function amountsOf(
  balances: ReadonlyMap<string, bigint>,
): Pick<ContractState, "holding" | "supply" | "vault"> {
  return {
    holding: (account) => balances.get(account) ?? 0n,
    supply: () => 0n,
    vault: () => 1_000_000_000n,
  };
}

function pair(names: readonly string[], at: number): readonly [string, string] {
  const { length } = names;
  return [names[at % length] ?? "", names[(at * 7 + 1) % length] ?? ""];
}

function load(
  file: string,
  name: string,
): { readonly contract: TypedContract; readonly intent: TypedIntent } {
  const source = readFileSync(new URL(`../library/contracts/${file}.ae`, import.meta.url));
  const compiled = compileContract(source);
  if (compiled.type !== "contract") throw new Error(`${file} does not compile`);
  const { contract } = compiled;
  const intent = contract.intents.find((one) => one.name === name);
  if (intent === undefined) throw new Error(`${file} has no ${name}`);
  return { contract, intent };
}
