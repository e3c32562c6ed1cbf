import type {
  Counterexample,
  ShownAccount,
  ShownContract,
  ShownFields,
  ShownPlace,
} from "../../intent/counterexample/counterexample.ts";
import type { Obligation } from "../../obligation.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { defaultOf, none } from "../typed/values.ts";
import { isReached } from "../whole-state/reach.ts";
import { cellOf } from "../whole-state/whole-state.ts";
import type { ConfirmedRun } from "./confirm.ts";

/** Names of the accounts and digests of a run, by their hexadecimal digits. */
type Names = ReadonlyMap<string, string>;

/** Returns a confirmed run as plain data, in the names of the source. */
export function showRun(
  contract: TypedContract,
  intent: TypedIntent,
  obligation: Pick<Obligation, "kind" | "label" | "span">,
  run: ConfirmedRun,
): Counterexample {
  const { call } = run.concrete;
  const names = namesOf(intent, run);
  return {
    intent: intent.name,
    kind: obligation.kind,
    label: obligation.label,
    span: obligation.span,
    sentence: run.sentence,
    sequence: call.sequence.toString(),
    arguments: intent.parameters.map(({ name, type }) => ({
      name,
      type: type.kind === "enum" ? type.name : typeNames[type.kind],
      value: showField(call.arguments.get(name) ?? 0n, type, names),
    })),
    accounts: showAccounts(run, names),
    contract: showContract(contract, run, names),
  };
}

const typeNames = {
  account: "Account",
  amount: "Amount",
  int: "Int",
  bool: "Bool",
  digest: "Digest",
  signature: "Signature",
} as const;

/**
 * Names each account after the parameters whose value it is, joined by `=`. Accounts that are no
 * parameter's value are numbered.
 */
function namesOf(intent: TypedIntent, { concrete, after }: ConfirmedRun): Names {
  const names = new Map<string, string>([[none, "none"]]);
  for (const { name, type } of intent.parameters) {
    const value = concrete.call.arguments.get(name);
    if (type.kind !== "account" || typeof value !== "string" || value === none) continue;
    const known = names.get(value);
    names.set(value, known === undefined ? name : `${known} = ${name}`);
  }
  let others = 0;
  const add = (value: FieldValue): void => {
    if (typeof value !== "string" || names.has(value)) return;
    others += 1;
    names.set(value, `#${others}`);
  };
  for (const state of [concrete.state, after]) {
    for (const cells of state.maps.values()) {
      for (const { keys, value } of cells.values()) {
        for (const key of keys) add(key);
        for (const part of typeof value === "object" ? value : [value]) add(part);
      }
    }
    for (const value of state.scalars.values()) {
      for (const part of typeof value === "object" ? value : [value]) add(part);
    }
  }
  for (const account of concrete.holdings.keys()) add(account);
  return names;
}

function showAccounts({ concrete, result }: ConfirmedRun, names: Names): readonly ShownAccount[] {
  const changes = result.type === "applied" ? result.changes.holdings : [];
  return [...concrete.holdings].map(([account, before]) => {
    const after = new Map(before);
    for (const change of changes) {
      if (change.account !== account) continue;
      const { asset } = change;
      after.set(asset === undefined ? "balance" : `balance[${asset.name}]`, change.after);
    }
    return {
      name: names.get(account) ?? account,
      signs: concrete.call.signers.has(account),
      before: showFields(before),
      after: showFields(after),
    };
  });
}

function showFields(fields: ReadonlyMap<string, bigint>): ShownFields {
  return Object.fromEntries([...fields].map(([field, amount]) => [field, amount.toString()]));
}

function showContract(contract: TypedContract, run: ConfirmedRun, names: Names): ShownContract {
  const { concrete, after } = run;
  const before = concrete.state;
  const vaults = [...before.vaults].map(([asset, amount]) => ({
    place: asset === "" ? "vault.balance" : `vault.balance[${asset}]`,
    before: amount.toString(),
    after: (after.vaults.get(asset) ?? amount).toString(),
  }));
  const scalars = contract.scalars.flatMap(({ name, type }) =>
    showParts(name, type, {
      before: before.scalars.get(name) ?? defaultOf(type),
      after: after.scalars.get(name) ?? defaultOf(type),
      names,
    }),
  );
  const cells = contract.maps.flatMap(({ name, keys: types, value: type }) => {
    const all = new Map([...(before.maps.get(name) ?? []), ...(after.maps.get(name) ?? [])]);
    return [...all.values()].flatMap(({ keys }) => {
      const shown = keys.map((key, at) => {
        const keyType = types[at];
        return keyType === undefined ? "" : `[${showField(key, keyType, names)}]`;
      });
      return showParts(`${name}${shown.join("")}`, type, {
        before: cellOf(contract, before, { map: name, keys }),
        after: cellOf(contract, after, { map: name, keys }),
        names,
      });
    });
  });
  const keys = [...(run.keys ?? [])].map(([name, value]) => ({
    name,
    value: typeof value === "string" ? (names.get(value) ?? value) : String(value),
  }));
  const { call } = concrete;
  return {
    now: call.now.toString(),
    keys,
    places: [...vaults, ...scalars, ...cells],
    isReached: isReached(contract, before, call),
  };
}

/**
 * Returns one place of the state for display, with its values before and after. For a record,
 * returns one for each field that differs from its default before or after.
 */
function showParts(
  place: string,
  type: ValueType,
  of: { readonly before: ContractValue; readonly after: ContractValue; readonly names: Names },
): readonly ShownPlace[] {
  const { before, after, names } = of;
  if (type.kind !== "record") {
    if (typeof before === "object" || typeof after === "object") return [];
    const shown = { before: showField(before, type, names), after: showField(after, type, names) };
    return [{ place, ...shown }];
  }
  if (typeof before !== "object" || typeof after !== "object") return [];
  const nothing = defaultOf(type);
  return type.fields.flatMap((field, at) => {
    const [old, now] = [before[at], after[at]];
    const unset = typeof nothing === "object" ? nothing[at] : undefined;
    if (old === undefined || now === undefined || (old === unset && now === unset)) return [];
    return [
      {
        place: `${place}.${field.name}`,
        before: showField(old, field.type, names),
        after: showField(now, field.type, names),
      },
    ];
  });
}

function showField(
  value: FieldValue,
  type: ScalarType | { readonly kind: "signature" },
  names: Names,
): string {
  if (type.kind === "enum" && typeof value === "bigint") {
    return `${type.name}.${type.words[Number(value)] ?? value}`;
  }
  if (type.kind === "account" && typeof value === "string") return names.get(value) ?? value;
  return String(value);
}
