import type {
  Counterexample,
  ShownAccount,
  ShownFields,
  ShownPlace,
} from "../../intent/counterexample/counterexample.ts";
import type { Obligation } from "../../obligation.ts";
import type { About } from "../encoder/about.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { ContractValue, ValueType } from "../typed/value-types.ts";
import { defaultOf, isDefault, none } from "../typed/values.ts";
import { isReached } from "../whole-state/reach.ts";
import { cellKey, cellOf, type WholeState } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";
import type { ConfirmedRun } from "./confirm.ts";
import { type StateInQuestion, shownKeys } from "./confirm-state.ts";
import { type Names, nameOf, namesOf, showCell, showField, showValue } from "./names.ts";
import { type Reads, readsOf } from "./reads.ts";

/** Returns a confirmed run as plain data, in the names of the source. */
export function showRun(
  contract: TypedContract,
  intent: TypedIntent,
  obligation: Pick<Obligation, "kind" | "label" | "span">,
  run: ConfirmedRun,
): Counterexample {
  const { call } = run.concrete;
  const names = namesOf(intent, { concrete: run.concrete, after: run.after });
  const reads = readsOf(contract, intent, run.concrete);
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
    accounts: showAccounts(intent, run, names),
    contract: {
      now: call.now.toString(),
      keys: showKeys(run, names),
      places: showPlaces(contract, { before: run.concrete.state, after: run.after, reads }, names),
      signers: [...call.signers].map((signer) => nameOf(signer, names)),
      lets: reads.lets.map(({ name, type, value }) => ({
        name,
        value: showValue(value, type, names),
      })),
      isReached: isReached(contract, run.concrete.state, call),
    },
  };
}

/** Returns a state in which a statement about states is false, as plain data. */
export function showState(
  contract: TypedContract,
  obligation: Pick<Obligation, "kind" | "label" | "span">,
  found: {
    readonly about: About;
    readonly concrete: Concrete;
    readonly of: StateInQuestion;
    readonly sentence: string;
  },
): Counterexample {
  const { about, concrete, of, sentence } = found;
  const { state, names } = of;
  const reads = { lets: [], cells: [] };
  const isOfReachable = about.type === "coverage";
  return {
    intent: contract.name,
    kind: obligation.kind,
    label: obligation.label,
    span: obligation.span,
    sentence,
    arguments: [],
    accounts: [],
    contract: {
      now: concrete.call.now.toString(),
      keys: shownKeys(about, of),
      places: showPlaces(contract, { before: state, after: state, reads }, names),
      ...(isOfReachable ? { isReached: isReached(contract, state, concrete.call) } : {}),
    },
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

/** Returns the accounts whose holdings are read, and those that are arguments or sign. */
function showAccounts(
  intent: TypedIntent,
  { concrete, result }: ConfirmedRun,
  names: Names,
): readonly ShownAccount[] {
  const { call, holdings } = concrete;
  const changes = result.type === "applied" ? result.changes.holdings : [];
  const given = intent.parameters.flatMap(({ name, type }) => {
    const value = call.arguments.get(name);
    return type.kind === "account" && typeof value === "string" && value !== none ? [value] : [];
  });
  const all = new Set([...given, ...holdings.keys(), ...call.signers]);
  const isShown = (account: string): boolean =>
    account !== none || changes.some((one) => one.account === none);
  return [...all].filter(isShown).map((account) => {
    const before = holdings.get(account) ?? new Map<string, bigint>();
    const after = new Map(before);
    for (const change of changes) {
      if (change.account !== account) continue;
      const { asset } = change;
      after.set(asset === undefined ? "balance" : `balance[${asset.name}]`, change.after);
    }
    return {
      name: aliases(intent, call, account) ?? nameOf(account, names),
      signs: call.signers.has(account),
      before: showFields(before),
      after: showFields(after),
    };
  });
}

/** Returns the parameters that have an account as value, joined by `=`. Undefined if none has. */
function aliases(
  { parameters }: TypedIntent,
  call: Concrete["call"],
  account: string,
): string | undefined {
  const own = parameters.filter(
    ({ name, type }) => type.kind === "account" && call.arguments.get(name) === account,
  );
  return own.length === 0 ? undefined : own.map(({ name }) => name).join(" = ");
}

/** Returns amounts by field. A stake of 0 is left out: contracts read it, but never store it. */
function showFields(fields: ReadonlyMap<string, bigint>): ShownFields {
  const shown = [...fields].filter(([field, amount]) => field !== "stake" || amount !== 0n);
  return Object.fromEntries(shown.map(([field, amount]) => [field, amount.toString()]));
}

function showKeys(
  run: ConfirmedRun,
  names: Names,
): readonly { readonly name: string; readonly value: string }[] {
  return [...(run.keys ?? [])].map(([name, { value, type }]) => ({
    name,
    value: showField(value, type, names),
  }));
}

/**
 * Returns vaults, scalars, cells that are present before or after, and cells that the call reads
 * although they are absent.
 */
function showPlaces(
  contract: TypedContract,
  of: { readonly before: WholeState; readonly after: WholeState; readonly reads: Reads },
  names: Names,
): readonly ShownPlace[] {
  const { before, after, reads } = of;
  const vaults = [...before.vaults].map(([asset, amount]) => ({
    place: asset === "" ? "vault.balance" : `vault.balance[${asset}]`,
    before: amount.toString(),
    after: (after.vaults.get(asset) ?? amount).toString(),
  }));
  const supplies = [...before.supplies].map(([asset, amount]) => ({
    place: `supply[${asset}]`,
    before: amount.toString(),
    after: (after.supplies.get(asset) ?? amount).toString(),
  }));
  const scalars = contract.scalars.flatMap(({ name, type }) =>
    showParts(name, type, {
      before: before.scalars.get(name) ?? defaultOf(type),
      after: after.scalars.get(name) ?? defaultOf(type),
      names,
    }),
  );
  const cells = contract.maps.flatMap(({ name, value: type }) => {
    const present = [...(before.maps.get(name) ?? []), ...(after.maps.get(name) ?? [])];
    const all = new Map(present.map(([key, { keys }]) => [key, keys] as const));
    for (const { map, keys } of reads.cells) if (map === name) all.set(cellKey(keys), keys);
    return [...all.values()].flatMap((keys): readonly ShownPlace[] => {
      const place = showCell(contract, { map: name, keys }, names);
      const [old, now] = [before, after].map((state) =>
        cellOf(contract, state, { map: name, keys }),
      );
      if (old === undefined || now === undefined) return [];
      const isAbsent = isDefault(old, type) && isDefault(now, type);
      if (type.kind === "record" && isAbsent) {
        return [{ place, before: "absent", after: "absent" }];
      }
      return showParts(place, type, { before: old, after: now, names });
    });
  });
  return [...vaults, ...supplies, ...scalars, ...cells];
}

/**
 * Returns one place of the state for display, with its values before and after. For a record,
 * returns one for each field.
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
  return type.fields.flatMap((field, at) => {
    const [old, now] = [before[at], after[at]];
    if (old === undefined || now === undefined) return [];
    return [
      {
        place: `${place}.${field.name}`,
        before: showField(old, field.type, names),
        after: showField(now, field.type, names),
      },
    ];
  });
}
