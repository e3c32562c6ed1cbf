import fc from "fast-check";
import type { ContractCall } from "../../src/contract/execution/contract-state.ts";
import type {
  ContractParameter,
  TypedContract,
  TypedIntent,
} from "../../src/contract/typed/typed-contract.ts";
import type {
  ArgumentType,
  ContractValue,
  FieldValue,
  ValueType,
} from "../../src/contract/typed/value-types.ts";
import { defaultOf, isDefault, none } from "../../src/contract/typed/values.ts";
import { cellKey, cellOf, type WholeState } from "../../src/contract/whole-state/whole-state.ts";

/** The accounts of random states and calls, nobody left out. */
export const randomAccounts: readonly string[] = ["01".repeat(32), "02".repeat(32)];
const digests: readonly string[] = ["00".repeat(32), "0a".repeat(32)];

/** Call of an intent of a random contract, with all of the state that it can read. */
export interface RandomCall {
  readonly call: ContractCall;
  readonly state: WholeState;
  /** Holdings by `account field asset`; `asset` is empty for the native one. */
  readonly holdings: ReadonlyMap<string, bigint>;
  /** Supplies of the assets that others issue. */
  readonly supplies: ReadonlyMap<string, bigint>;
}

/** Values of a type: few, so that random ones often are equal. */
export function valuesOf(type: ArgumentType, isOptional = true): fc.Arbitrary<FieldValue> {
  switch (type.kind) {
    case "account":
      return fc.constantFrom(...randomAccounts, ...(isOptional ? [none] : []));
    case "digest":
      return fc.constantFrom(...digests);
    case "amount":
      return fc.bigInt({ min: 0n, max: 4n });
    case "int":
      return fc.bigInt({ min: -2n, max: 4n });
    case "bool":
      return fc.boolean();
    case "enum":
      return fc.nat({ max: type.words.length - 1 }).map(BigInt);
    case "signature":
      return fc.constantFrom("aa".repeat(64), "bb".repeat(64));
  }
}

/** Values that can be stored. */
export function storedValuesOf(type: ValueType): fc.Arbitrary<ContractValue> {
  if (type.kind !== "record") return valuesOf(type);
  return fc.tuple(...type.fields.map((field) => valuesOf(field.type)));
}

/** States of a contract with up to three cells in each map, reachable or not. */
export function statesOf(contract: TypedContract): fc.Arbitrary<WholeState> {
  const amounts = fc.bigInt({ min: 0n, max: 20n });
  const scalars = contract.scalars.map(({ name, type }) =>
    storedValuesOf(type).map((value) => [name, value] as const),
  );
  const maps = contract.maps.map(({ name, keys, value }) =>
    fc
      .array(
        fc.record({
          keys: fc.tuple(...keys.map((key) => valuesOf(key))),
          value: storedValuesOf(value),
        }),
        { maxLength: 3 },
      )
      .map((cells) => {
        const present = cells.filter((cell) => !isDefault(cell.value, value));
        return [name, new Map(present.map((cell) => [cellKey(cell.keys), cell]))] as const;
      }),
  );
  const assets = ["", ...contract.assets.map(({ name }) => name)];
  const own = contract.assets.filter(({ isOwn }) => isOwn).map(({ name }) => name);
  const amountsOf = (names: readonly string[]) =>
    fc
      .tuple(...names.map(() => amounts))
      .map((values) => new Map(names.map((name, at) => [name, values[at] ?? 0n])));
  return fc
    .record({
      scalars: fc.tuple(...scalars),
      maps: fc.tuple(...maps),
      vaults: amountsOf(assets),
      supplies: amountsOf(own),
    })
    .map((one) => ({ ...one, scalars: new Map(one.scalars), maps: new Map(one.maps) }));
}

/** Calls of an intent on random states. Whoever must sign has signed. */
export function callsOf(contract: TypedContract, intent: TypedIntent): fc.Arbitrary<RandomCall> {
  const fields = ["balance", "stake", ...contract.assets.map(({ name }) => `balance ${name}`)];
  const places = [...randomAccounts, none].flatMap((account) =>
    fields.map((field) => `${account} ${field}`),
  );
  const foreign = contract.assets.filter(({ isOwn }) => !isOwn).map(({ name }) => name);
  return fc
    .record({
      state: statesOf(contract),
      arguments: fc.tuple(...intent.parameters.map(argumentOf)),
      others: fc.subarray([...randomAccounts]),
      amounts: fc.infiniteStream(fc.bigInt({ min: 0n, max: 20n })),
      sequence: fc.bigInt({ min: 1n, max: 9n }),
      now: fc.bigInt({ min: 0n, max: 9n }),
      isSigned: fc.boolean(),
    })
    .map(({ state, arguments: values, others, amounts, sequence, now, isSigned }) => {
      const next = (): bigint => amounts.next().value ?? 0n;
      const holdings = new Map(places.map((place) => [place, next()]));
      const supplies = new Map(foreign.map((name) => [name, next()]));
      const given = new Map(
        intent.parameters.map(({ name }, at) => [name, values[at] ?? 0n] as const),
      );
      const signers = intent.parameters.flatMap(({ name, isSigner }) => {
        const account = given.get(name);
        return isSigner && typeof account === "string" ? [account] : [];
      });
      const call: ContractCall = {
        arguments: given,
        signers: new Set([...others, ...signers]),
        sequence,
        now,
        isSignature: () => isSigned,
        state: {
          holding: (account, field, asset) =>
            holdings.get(
              [account, field, ...(asset === undefined ? [] : [asset.name])].join(" "),
            ) ?? 0n,
          supply: ({ name }) => state.supplies.get(name) ?? supplies.get(name) ?? 0n,
          vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
          scalar: (name) => state.scalars.get(name) ?? scalarDefault(contract, name),
          cell: (map, keys) => cellOf(contract, state, { map, keys }),
        },
      };
      return { call, state, holdings, supplies };
    });
}

function argumentOf({ type, isOptional }: ContractParameter): fc.Arbitrary<FieldValue> {
  return valuesOf(type, isOptional);
}

function scalarDefault({ scalars }: TypedContract, name: string): ContractValue {
  const scalar = scalars.find((one) => one.name === name);
  if (scalar === undefined) throw new Error(`a checked scalar is declared, not ${name}`);
  return defaultOf(scalar.type);
}
