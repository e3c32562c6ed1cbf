import { sha256, toHex } from "@aethel/models/primitives";
import { compileContract } from "../../src/contract/compile-contract.ts";
import type { ContractCall } from "../../src/contract/execution/contract-state.ts";
import { runCall } from "../../src/contract/execution/run-call.ts";
import type { TypedContract } from "../../src/contract/typed/typed-contract.ts";
import type { FieldValue } from "../../src/contract/typed/value-types.ts";
import {
  applyChanges,
  cellOf,
  initialState,
  type WholeState,
} from "../../src/contract/whole-state/whole-state.ts";

/** Line of an example that did not do what it says. */
export interface WrongLine {
  readonly line: string;
  readonly because: string;
}

/** Accounts that contracts of the library name. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["minter", account(0xaa)],
  ["creator", account(0xaa)],
  ["seller", account(0xaa)],
  ["owner1", account(0xa1)],
  ["owner2", account(0xa2)],
  ["owner3", account(0xa3)],
]);

function account(byte: number): string {
  return byte.toString(16).padStart(64, "0");
}

function accountNamed(name: string): string {
  return NAMED.get(name) ?? textDigest(`account ${name}`);
}

function textDigest(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)));
}

/** Returns a contract that is compiled from a source. Throws if it is faulty. */
export function compiled(source: string): TypedContract {
  const answer = compileContract(source);
  if (answer.type !== "contract") throw new Error("no contract");
  return answer.contract;
}

/** Runs an example line by line, and returns the first line that does not do what it says. */
export function runExample(contract: TypedContract, example: string): WrongLine | undefined {
  let state = initialState(contract);
  const holdings = new Map<string, bigint>();
  const receipts = new Map<string, string>();
  let now = 0n;
  for (const line of example.split("\n")) {
    const because = ((): string | undefined => {
      const at = /^at (\d+)$/.exec(line);
      if (at?.[1] !== undefined) {
        now = BigInt(at[1]);
        return undefined;
      }
      const held = /^(\w+) (holds|has) (\d+)(?: (\w+))?$/.exec(line);
      if (held !== null) {
        const [, who = "", verb, amount = "", asset = ""] = held;
        const key = `${accountNamed(who)} ${asset}`;
        if (verb === "holds") holdings.set(key, BigInt(amount));
        const has = holdings.get(key) ?? 0n;
        return has === BigInt(amount) ? undefined : `${who} has ${has}`;
      }
      const told = /^(\w+): (\w+)\((.*)\)(?: -> (\w+))?$/.exec(line);
      if (told === null) return "it cannot be read";
      const [, who = "", name = "", args = "", wanted] = told;
      const intent = contract.intents.find((one) => one.name === name);
      if (intent === undefined) return `there is no intent ${name}`;
      const call = callOf({ contract, who, args, now, state, holdings, receipts });
      const result = runCall(contract, intent, call);
      if (result.type !== "applied") return wanted === "refused" ? undefined : result.type;
      if (wanted === "refused") return "applied";
      state = applyChanges(contract, state, result.changes);
      for (const { account: id, asset, after } of result.changes.holdings) {
        holdings.set(`${id} ${asset?.name ?? ""}`, after);
      }
      const events = result.changes.events.map((one) => one.name).join(", ");
      return events === (wanted ?? "") ? undefined : `it emits ${events}`;
    })();
    if (because !== undefined) return { line, because };
  }
  return undefined;
}

function callOf(of: {
  readonly contract: TypedContract;
  readonly who: string;
  readonly args: string;
  readonly now: bigint;
  readonly state: WholeState;
  readonly holdings: ReadonlyMap<string, bigint>;
  readonly receipts: Map<string, string>;
}): ContractCall {
  const { contract, who, args, now, state, holdings, receipts } = of;
  const given = args === "" ? [] : args.split(", ");
  return {
    arguments: new Map(
      given.map((one): [string, FieldValue] => {
        const [name = "", value = ""] = one.split(": ");
        return [name, valueOf(value)];
      }),
    ),
    signers: new Set(who === "nobody" ? [] : [accountNamed(who)]),
    sequence: 1n,
    now,
    // A receipt is of the record for which it is used first.
    isSignature: ({ account: id, name, bytes, signature }) => {
      if (signature !== receiptOf(id)) return false;
      const record = `${name} ${toHex(bytes)}`;
      if (!receipts.has(signature)) receipts.set(signature, record);
      return receipts.get(signature) === record;
    },
    state: {
      holding: (id, _field, asset) => holdings.get(`${id} ${asset?.name ?? ""}`) ?? 0n,
      supply: ({ name }) => state.supplies.get(name) ?? 1n << 40n,
      vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
      scalar: (name) => state.scalars.get(name) ?? 0n,
      cell: (map, keys) => cellOf(contract, state, { map, keys }),
    },
  };
}

function receiptOf(id: string): string {
  return id + id;
}

function valueOf(text: string): FieldValue {
  if (/^\d+$/.test(text)) return BigInt(text);
  if (text === "true" || text === "false") return text === "true";
  const digest = /^"(.*)"$/.exec(text)?.[1];
  if (digest !== undefined) return textDigest(digest);
  const hashed = /^sha256\("(.*)"\)$/.exec(text)?.[1];
  if (hashed !== undefined) {
    const bytes = sha256(sha256(new TextEncoder().encode(hashed)));
    return toHex(bytes);
  }
  const signer = /^receipt of (\w+)$/.exec(text)?.[1];
  return signer === undefined ? accountNamed(text) : receiptOf(accountNamed(signer));
}
