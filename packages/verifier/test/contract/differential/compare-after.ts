import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import { ledgerFacts, stateRanges, sumFacts } from "../../../src/contract/encoder/assumptions.ts";
import type { ContractTerms } from "../../../src/contract/encoder/contract-terms.ts";
import { encodeTyped } from "../../../src/contract/encoder/encode-typed.ts";
import type { SymbolicCall } from "../../../src/contract/encoder/symbolic-call.ts";
import { readCell } from "../../../src/contract/encoder/symbolic-state.ts";
import { forget } from "../../../src/contract/encoder/touched.ts";
import type { ContractChanges } from "../../../src/contract/execution/contract-state.ts";
import type { TypedRule } from "../../../src/contract/typed/typed-contract.ts";
import type { FieldValue } from "../../../src/contract/typed/value-types.ts";
import { none } from "../../../src/contract/typed/values.ts";
import { brokenRule, type WholeWorld } from "../../../src/contract/whole-state/evaluate-rules.ts";
import { cellOf, type WholeState } from "../../../src/contract/whole-state/whole-state.ts";
import { integer, select } from "../../../src/intent/build-term.ts";
import type { Term } from "../../../src/term.ts";
import { evaluateTerm, holds, type Valuation, type Value } from "./evaluate-term.ts";
import { field, PEOPLE } from "./random-call.ts";
import { partsOf, sumOf, termValue, valueOrNone } from "./valuation.ts";

/** Run that both the interpreter and the encoder's terms say is applied. */
export interface AppliedRun {
  readonly terms: ContractTerms;
  readonly call: SymbolicCall;
  readonly valuation: Valuation;
  readonly concrete: Concrete;
  readonly after: WholeState;
  readonly changes: ContractChanges;
  /** Whether no sum counts anything for an absent cell, at the keys that runs reach. */
  readonly areSumsGrounded: boolean;
}

/** Returns a sentence for each way in which the state after a run differs from its terms. */
export function differencesAfter(run: AppliedRun): readonly string[] {
  return [...ofState(run), ...ofHoldings(run), ...ofSums(run), ...ofRules(run), ...ofFacts(run)];
}

function difference(what: string, term: Value, value: Value): readonly string[] {
  return term === value ? [] : [`${what}: ${String(term)} by terms, ${String(value)} by run`];
}

function ofState({ terms, call, valuation, after, concrete }: AppliedRun): readonly string[] {
  const { contract } = terms;
  const of = (term: Term): Value => evaluateTerm(term, valuation);
  const scalars = [...call.after.scalars].flatMap(([name, parts]) => {
    const values = partsOf(after.scalars.get(name) ?? 0n);
    return parts.flatMap((part, at) => difference(name, of(part), values[at] ?? 0n));
  });
  const vaults = [...call.after.vaults].flatMap(([asset, term]) =>
    difference(`vault ${asset}`, of(term), after.vaults.get(asset) ?? 0n),
  );
  const supplies = [...call.after.supplies].flatMap(([asset, term]) => {
    const value = after.supplies.get(asset) ?? concrete.supplies.get(asset) ?? 0n;
    return difference(`supply ${asset}`, of(term), value);
  });
  const cells = contract.maps.flatMap(({ name }) =>
    keysOf(name, [concrete.state, after]).flatMap((keys) => {
      const values = partsOf(cellOf(contract, after, { map: name, keys }));
      const arrays = call.after.maps.get(name) ?? [];
      const terms_ = keys.map((key) => termOf(key));
      return arrays.flatMap((array, at) =>
        difference(`${name} ${keys.join(" ")}`, of(readCell(array, terms_)), values[at] ?? 0n),
      );
    }),
  );
  return [...scalars, ...vaults, ...supplies, ...cells];
}

function keysOf(map: string, states: readonly WholeState[]): readonly (readonly FieldValue[])[] {
  const all = new Map(states.flatMap((state) => [...(state.maps.get(map) ?? [])]));
  return [...all.values()].map(({ keys }) => keys);
}

function termOf(value: FieldValue): Term {
  const part = termValue(value);
  return typeof part === "bigint" ? integer(part) : { type: "boolean", value: part };
}

/** Holdings of all accounts, and how much was added to all holdings of each asset. */
function ofHoldings({ terms, call, valuation, concrete, changes }: AppliedRun): readonly string[] {
  const assets = ["", ...terms.contract.assets.map(({ name }) => name)];
  return assets.flatMap((asset) => {
    const array = call.after.holdings.get(field(asset));
    const own = changes.holdings.filter((one) => (one.asset?.name ?? "") === asset);
    const accounts = PEOPLE.flatMap((account) => {
      const before = concrete.holdings.get(account)?.get(field(asset)) ?? 0n;
      const value = own.find((one) => one.account === account)?.after ?? before;
      if (array === undefined) return [`no holdings of ${asset}`];
      const term = evaluateTerm(select(array, termOf(account)), valuation);
      return difference(`${asset} of ${account}`, term, value);
    });
    const vaults = changes.vaults.filter((one) => (one.asset?.name ?? "") === asset);
    const moved = [...own, ...vaults].reduce((sum, one) => sum + one.after - one.before, 0n);
    const added = (call.deltas.get(asset) ?? []).reduce((sum, delta) => {
      const value = evaluateTerm(delta, valuation);
      return typeof value === "bigint" ? sum + value : sum;
    }, 0n);
    return [...accounts, ...difference(`all of ${asset}`, added, moved)];
  });
}

/** Tells whether a sum counts nothing for absent cells, as an obligation of its own demands. */
function isGrounded({ terms, concrete, after }: AppliedRun, at: number): boolean {
  const map = terms.sums.entries[at]?.sum.map ?? "";
  const hasValue = [concrete.state, after].every(
    (state) => valueOrNone(() => sumOf(terms, state, at)) !== undefined,
  );
  return hasValue && isGroundedAt(terms, at, keysOf(map, [concrete.state, after]), after);
}

/** Tells whether a sum counts nothing for absent cells with some keys. */
export function isGroundedAt(
  terms: ContractTerms,
  at: number,
  all: readonly (readonly FieldValue[])[],
  after: WholeState,
): boolean {
  const { sum } = terms.sums.entries[at] ?? {};
  if (sum === undefined) return false;
  // One cell that equals the default, written out.
  const bare = (keys: readonly FieldValue[]): WholeState => {
    const value = cellOf(terms.contract, { ...after, maps: new Map() }, { map: sum.map, keys });
    return { ...after, maps: new Map([[sum.map, new Map([["one", { keys, value }]])]]) };
  };
  return all.every((keys) => {
    const value = valueOrNone(() => sumOf(terms, bare(keys), at));
    const [row] = keys;
    if (typeof value === "function") return row !== undefined && isZero(value, row);
    return value === 0n;
  });
}

function isZero(row: (key: bigint) => Value, key: FieldValue): boolean {
  const at = termValue(key);
  return valueOrNone(() => (typeof at === "bigint" ? row(at) : 0n)) === 0n;
}

function ofSums(run: AppliedRun): readonly string[] {
  const { terms, call, valuation, concrete, after } = run;
  return call.after.sums.flatMap((term, at) => {
    if (!isGrounded(run, at)) return [];
    const value = valueOrNone(() => sumOf(terms, after, at));
    const symbolic = valueOrNone(() => evaluateTerm(term, valuation));
    if (value === undefined || symbolic === undefined) return [];
    if (typeof value !== "function" || typeof symbolic !== "function") {
      return difference(`sum ${at}`, symbolic, value);
    }
    const map = terms.sums.entries[at]?.sum.map ?? "";
    return keysOf(map, [concrete.state, after]).flatMap(([row]) => {
      const key = row === undefined ? 0n : termValue(row);
      if (typeof key !== "bigint") return [];
      const [own, other] = [() => symbolic(key), () => value(key)].map(valueOrNone);
      return own === undefined || other === undefined
        ? []
        : difference(`sum ${at} of ${String(row)}`, own, other);
    });
  });
}

/** Value of each invariant and transition for all keys that are present. */
function ofRules(run: AppliedRun): readonly string[] {
  const { contract, sums } = run.terms;
  if (sums.entries.some((_, at) => !isGrounded(run, at))) return [];
  const world = worldOf(run);
  return [...contract.invariants, ...contract.transitions].flatMap((rule) => {
    const broken = brokenRule(rule, world);
    const failing = bindingsOf(rule, run).filter((locals) => {
      const { call, valuation } = run;
      const { before, after: now } = call;
      const encoding = { contract, sums, locals, before, now, touch: forget };
      const { terms, checks } = encodeTyped(rule.condition, encoding);
      // A key out of range names an absent cell to both sides. All else leaves a rule no value.
      const isDefined = checks
        .filter(({ label }) => !label.startsWith("the key of"))
        .every(
          ({ path, goal }) => !path.every((one) => holds(one, valuation)) || holds(goal, valuation),
        );
      return !isDefined || !terms.every((one) => holds(one, valuation));
    });
    return difference(`rule ${rule.name}`, failing.length > 0, broken !== undefined);
  });
}

function bindingsOf(rule: TypedRule, run: AppliedRun): readonly Map<string, readonly Term[]>[] {
  return rule.forEach.reduce<readonly Map<string, readonly Term[]>[]>(
    (rest, { binders, map }) =>
      rest.flatMap((outer) =>
        keysOf(map, [run.concrete.state, run.after]).map((keys) => {
          const own = binders.map(({ name }, at) => [name, [termOf(keys[at] ?? 0n)]] as const);
          return new Map([...outer, ...own]);
        }),
      ),
    [new Map()],
  );
}

/** World in which the interpreter evaluates rules. */
export function worldOf({ terms, concrete, after, changes }: AppliedRun): WholeWorld {
  const { call, holdings, supplies } = concrete;
  return {
    contract: terms.contract,
    before: concrete.state,
    now: after,
    call: {
      sequence: () => call.sequence,
      now: () => call.now,
      isSigned: (account) => account !== none && call.signers.has(account),
      isSignature: call.isSignature,
      holding: ({ account, field: name, asset }, isOld) => {
        const key = name === "stake" ? "stake" : field(asset);
        const changed = changes.holdings.find(
          (one) =>
            one.account === account && (one.asset?.name ?? "") === asset && name === "balance",
        );
        const before = holdings.get(account)?.get(key) ?? 0n;
        return isOld ? before : (changed?.after ?? before);
      },
      supply: (asset) => supplies.get(asset) ?? 0n,
    },
  };
}

/** Facts that the encoder assumes of any state that fits the types and the ledger. */
function ofFacts(run: AppliedRun): readonly string[] {
  const { terms, call, valuation } = run;
  if (!isPossible(run)) return [];
  const { contract, sums, before: state } = terms;
  const before = { contract, sums, state, touched: call.touched, bound: [] };
  const ofSum = run.areSumsGrounded ? sumFacts(before) : [];
  const facts = [...stateRanges(before), ...ledgerFacts(before), ...ofSum];
  return facts.flatMap((fact, at) =>
    valueOrNone(() => holds(fact, valuation)) === false
      ? [`fact ${at} of the state before is false`]
      : [],
  );
}

function isPossible({ terms, concrete }: AppliedRun): boolean {
  const most = (1n << 64n) - 1n;
  return ["", ...terms.contract.assets.map(({ name }) => name)].every((asset) => {
    const supply = asset === "" ? most : (concrete.supplies.get(asset) ?? 0n);
    const keys = asset === "" ? ["balance", "stake"] : [field(asset)];
    const held = [...concrete.holdings.values()].flatMap((fields) =>
      keys.map((key) => fields.get(key) ?? 0n),
    );
    const vault = concrete.state.vaults.get(asset) ?? 0n;
    return held.reduce((sum, own) => sum + own, vault) <= supply;
  });
}
