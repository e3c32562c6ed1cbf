import { toAssetId, toHex } from "@aethel/models";
import { declaredAsset } from "@aethel/verifier";
import type { World } from "../fixtures/world.ts";
import {
  accountArgument,
  amountArgument,
  createWorld,
  type OneCall,
  type Person,
  person,
  utf8,
} from "../fixtures/world.ts";

const issuer = person("mint");

/** Intents over the native asset and over a declared one, some with guards on what they read. */
const SOURCE = `
asset GOLD issuer "${toHex(issuer.id)}";
intent gold(signer from: Account, to: Account, amount: Amount) {
  guard { from.balance[GOLD] >= amount; }
  effect { from.balance[GOLD] -= amount; to.balance[GOLD] += amount; }
  verify { true; }
}
intent sell(signer seller: Account, signer buyer: Account, amount: Amount) {
  guard { seller.balance[GOLD] >= amount; buyer.balance >= 2 * amount; seller != buyer; }
  effect {
    seller.balance[GOLD] -= amount; buyer.balance[GOLD] += amount;
    buyer.balance -= 2 * amount; seller.balance += 2 * amount;
  }
  verify { true; }
}
intent poorer(left: Account, right: Account) {
  guard { left.balance < right.balance; }
  effect { }
  verify { true; }
}
`;

export const GOLD = declaredAsset("GOLD", toHex(issuer.id)).id;
export const NATIVE = toAssetId(new Uint8Array(32));

/** People of the world, and one who has no account yet. */
export const PEOPLE: readonly Person[] = [0, 1, 2].map((at) => person(`person ${at}`));
export const STRANGER: Person = person("nobody yet");

/** A world in which everybody has gold. */
export function goldWorld(): World {
  const holdings = [...PEOPLE]
    .sort((left, right) => Buffer.compare(left.id, right.id))
    .map(({ id }) => ({ id, amount: 100n as never }));
  return createWorld({
    source: SOURCE,
    balances: [2_000_000n, 1_000_000n, 500_000n],
    assets: [{ name: utf8("GOLD"), issuer: issuer.id, supply: 300n as never, holdings }],
  });
}

/** Amounts that people hold, by account and asset: the state of the naive model. */
export type Holdings = ReadonlyMap<string, bigint>;

export const nameOf = ({ id }: Person, asset: Uint8Array): string => `${toHex(id)} ${toHex(asset)}`;

/** Call in the words of the model. */
export interface Step {
  readonly intent: "transfer" | "gold" | "sell" | "poorer";
  readonly from: Person;
  readonly to: Person;
  readonly amount: bigint;
}

/** Runs one call on the model. Undefined: a guard is false. */
export function runStep(held: Holdings, { intent, from, to, amount }: Step): Holdings | undefined {
  const of = (who: Person, asset: Uint8Array): bigint => held.get(nameOf(who, asset)) ?? 0n;
  const after = new Map(held);
  const move = (one: Person, other: Person, asset: Uint8Array, much: bigint): void => {
    after.set(nameOf(one, asset), (after.get(nameOf(one, asset)) ?? 0n) - much);
    after.set(nameOf(other, asset), (after.get(nameOf(other, asset)) ?? 0n) + much);
  };
  switch (intent) {
    case "transfer":
      if (amount === 0n || of(from, NATIVE) < amount) return undefined;
      move(from, to, NATIVE, amount);
      return after;
    case "gold":
      if (of(from, GOLD) < amount) return undefined;
      move(from, to, GOLD, amount);
      return after;
    case "sell":
      if (from === to || of(from, GOLD) < amount || of(to, NATIVE) < 2n * amount) return undefined;
      move(from, to, GOLD, amount);
      move(to, from, NATIVE, 2n * amount);
      return after;
    case "poorer":
      return of(from, NATIVE) < of(to, NATIVE) ? after : undefined;
  }
}

/** Runs calls one after the other, all or nothing. Returns the index of the one that fails. */
export function runSteps(
  held: Holdings,
  steps: readonly Step[],
): { readonly held: Holdings; readonly failed?: number } {
  let after = held;
  for (const [at, step] of steps.entries()) {
    const next = runStep(after, step);
    if (next === undefined) return { held, failed: at };
    after = next;
  }
  return { held: after };
}

/** The call of the ledger that a step of the model stands for. */
export function callOf({ intent, from, to, amount }: Step): OneCall {
  const accounts = [accountArgument(from.id), accountArgument(to.id)];
  const given = intent === "poorer" ? accounts : [...accounts, amountArgument(amount)];
  return { intent, arguments: given };
}

/** People who must sign a step. */
export function signersOf({ intent, from, to }: Step): readonly Person[] {
  if (intent === "poorer") return [];
  return intent === "sell" ? [from, to] : [from];
}
