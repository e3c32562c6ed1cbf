import fc from "fast-check";
import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import type { ContractCall } from "../../../src/contract/execution/contract-state.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import type {
  ArgumentType,
  ContractValue,
  FieldValue,
  ValueType,
} from "../../../src/contract/typed/value-types.ts";
import { isDefault, none } from "../../../src/contract/typed/values.ts";
import {
  cellKey,
  cellOf,
  type WholeCell,
  type WholeState,
} from "../../../src/contract/whole-state/whole-state.ts";

/** Accounts and digests of random states. Few, so that names often mean the same one. */
export const PEOPLE: readonly string[] = [none, "01".repeat(32), "02".repeat(32), "0a".repeat(32)];
const AMOUNT_MAX = (1n << 64n) - 1n;
const INT_MAX = (1n << 127n) - 1n;

const amounts = fc.oneof(
  { arbitrary: fc.bigInt(0n, 4n), weight: 12 },
  { arbitrary: fc.constantFrom(100n, AMOUNT_MAX - 1n, AMOUNT_MAX), weight: 1 },
);
const ints = fc.oneof(
  { arbitrary: fc.bigInt(-2n, 4n), weight: 12 },
  { arbitrary: fc.constantFrom(1_000n, -INT_MAX, INT_MAX), weight: 1 },
);
const people = fc.constantFrom(...PEOPLE);

function fieldsOf(type: ArgumentType): fc.Arbitrary<FieldValue> {
  switch (type.kind) {
    case "account":
    case "digest":
      return people;
    case "amount":
      return amounts;
    case "int":
      return ints;
    case "bool":
      return fc.boolean();
    case "enum":
      return fc.bigInt(0n, BigInt(type.words.length - 1));
    case "signature":
      return fc.constantFrom("07".repeat(64), "08".repeat(64));
  }
}

function valuesOf(type: ValueType): fc.Arbitrary<ContractValue> {
  return type.kind === "record"
    ? fc.tuple(...type.fields.map((field) => fieldsOf(field.type)))
    : fieldsOf(type);
}

/** Random states that fit the types of a contract and the ledger, with a call of an intent. */
export function callsOf(contract: TypedContract, intent: TypedIntent): fc.Arbitrary<Concrete> {
  const assets = ["", ...contract.assets.map(({ name }) => name)];
  return fc
    .record({
      state: statesOf(contract),
      holdings: fc.tuple(
        ...PEOPLE.slice(1).map(() =>
          fc.record({ stake: amounts, held: fc.tuple(...assets.map(() => amounts)) }),
        ),
      ),
      slack: fc.bigInt(0n, 3n),
      arguments: fc.tuple(...intent.parameters.map(({ type }) => fieldsOf(type))),
      signers: fc.subarray([...PEOPLE]),
      isWilling: fc.boolean(),
      sequence: fc.bigInt(0n, 5n),
      now: fc.bigInt(0n, 5n),
    })
    .map((one): Concrete => {
      const held = one.holdings.map(({ stake, held: own }, at) => {
        const fields = own.map((amount, place): [string, bigint] => [field(assets[place]), amount]);
        return [PEOPLE[at + 1] ?? none, new Map([...fields, ["stake", stake]])] as const;
      });
      const holdings = new Map(held);
      const supplies = new Map(
        assets.slice(1).map((asset) => {
          const all = [...holdings.values()].map((fields) => fields.get(field(asset)) ?? 0n);
          const total = all.reduce((sum, own) => sum + own, one.state.vaults.get(asset) ?? 0n);
          return [asset, total + one.slack < AMOUNT_MAX ? total + one.slack : AMOUNT_MAX] as const;
        }),
      );
      const own = contract.assets.filter(({ isOwn }) => isOwn).map(({ name }) => name);
      const state: WholeState = {
        ...one.state,
        supplies: new Map([...supplies].filter(([asset]) => own.includes(asset))),
      };
      const wanted = intent.parameters.flatMap(({ isSigner }, at) => {
        const value = one.arguments[at];
        return isSigner && typeof value === "string" && value !== none ? [value] : [];
      });
      const call: ContractCall = {
        arguments: new Map(
          intent.parameters.map(({ name }, at) => [name, one.arguments[at] ?? 0n]),
        ),
        signers: new Set([...one.signers, ...(one.isWilling ? wanted : [])]),
        sequence: one.sequence,
        now: one.now,
        state: {
          holding: (account, name, asset) =>
            holdings.get(account)?.get(name === "stake" ? "stake" : field(asset?.name)) ?? 0n,
          supply: ({ name }) => supplies.get(name) ?? 0n,
          vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
          scalar: (name) => state.scalars.get(name) ?? 0n,
          cell: (map, keys) => cellOf(contract, state, { map, keys }),
        },
        isSignature,
      };
      return { state, holdings, supplies, call };
    });
}

/** Random whole states that fit the types of a contract. */
export function statesOf(contract: TypedContract): fc.Arbitrary<WholeState> {
  const assets = ["", ...contract.assets.map(({ name }) => name)];
  const cells = contract.maps.map(({ keys, value }) =>
    fc.array(fc.tuple(fc.tuple(...keys.map(fieldsOf)), valuesOf(value)), { maxLength: 4 }),
  );
  return fc
    .record({
      scalars: fc.tuple(...contract.scalars.map(({ type }) => valuesOf(type))),
      maps: fc.tuple(...cells),
      vaults: fc.tuple(...assets.map(() => amounts)),
    })
    .map(({ scalars, maps, vaults }) => ({
      scalars: new Map(contract.scalars.map(({ name }, at) => [name, scalars[at] ?? 0n])),
      maps: new Map(
        contract.maps.map(({ name, value: type }, at) => {
          const found = (maps[at] ?? []).map(([keys, value]): [string, WholeCell] => [
            cellKey(keys),
            { keys, value },
          ]);
          return [name, new Map(found.filter(([, { value }]) => !isDefault(value, type)))];
        }),
      ),
      vaults: new Map(assets.map((asset, at) => [asset, vaults[at] ?? 0n])),
      supplies: new Map(),
    }));
}

/** Name of a balance in the holdings of a state, as the encoder names it. */
export function field(asset: string | undefined): string {
  return asset === undefined || asset === "" ? "balance" : `balance[${asset}]`;
}

/** Signatures of random calls: about half of them are valid, whatever the message. */
export const isSignature: ContractCall["isSignature"] = ({ account, name, bytes, signature }) => {
  const all = Array.from(`${account}${name}${signature}`, (one) => one.charCodeAt(0));
  return [...all, ...bytes].reduce((sum, one) => sum + one, 0) % 2 === 0;
};

/** Keys of a map that random calls reach most often. */
export function keyPool(contract: TypedContract, map: string): readonly (readonly FieldValue[])[] {
  const types = contract.maps.find(({ name }) => name === map)?.keys ?? [];
  return fc.sample(fc.tuple(...types.map(fieldsOf)), { numRuns: 100, seed: 1 });
}
