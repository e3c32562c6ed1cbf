import { assert } from "@aethel/models/primitives";
import {
  add,
  atMost,
  equal,
  not,
  select,
  store,
  subtract,
  symbol,
} from "../../intent/build-term.ts";
import { type Span } from "../../obligation.ts";
import { printPlaceOf, printStoredPart } from "../typed/print-place.ts";
import { type Place, type TypedStatement } from "../typed/typed-contract.ts";
import { type Typed } from "../typed/typed-expression.ts";
import { type ExpressionType } from "../typed/value-types.ts";
import { sumStep, sumTerm } from "./assumptions.ts";
import { encodeTyped, mapNamed } from "./encode-typed.ts";
import { defined, demand, encodingOf, type Run } from "./symbolic-run.ts";
import {
  cellAt,
  lookUp,
  type SymbolicPlace,
  type SymbolicState,
  sortOf,
  storeAt,
  type Terms,
  withPart,
} from "./symbolic-state.ts";
import { noneTerm, rangeOf } from "./type-terms.ts";

/**
 * Encodes a store. Adds the goals that the stored value is in range, and updates the sums over the
 * map.
 */
export function addStore(run: Run, statement: Extract<TypedStatement, { type: "store" }>): void {
  const { target, span } = statement;
  const place = encodePlace(run, target, span);
  const value = defined(run, statement.value);
  const at = run.stores;
  run.stores += 1;
  const label = printPlaceOf(target, run.terms.contract);
  const types = typesAt(run, target);
  const stored = value.map((part, index) => {
    const type = types[index];
    const name = `${label}@${at}.${index}`;
    const local = symbol(name, sortOf(type ?? { kind: "int" }));
    run.facts.push(equal(local, part));
    const goal = type === undefined ? undefined : rangeOf(type, local);
    if (goal !== undefined) {
      const place = printStoredPart(target, run.terms.contract, index);
      demand(run, { kind: "range", label: `\`${place}\` stays in its range`, span, goal });
    }
    return local;
  });
  addDelta(run, place, stored);
  const before = run.now;
  run.now = withSums(run, storeAt(before, place, stored), place, stored);
}

/**
 * Encodes the place of a store. Adds the goals that the keys are in range, and that an account
 * whose holdings are stored is not `none`.
 */
function encodePlace(run: Run, target: Place, span: Span): SymbolicPlace {
  switch (target.type) {
    case "holding": {
      const [account] = defined(run, target.account);
      assert(account !== undefined, "an account has a value");
      run.touched.touch.account(account, target.asset);
      demand(run, {
        kind: "defined",
        label: "nothing is stored for `none`",
        span,
        goal: not(equal(account, noneTerm)),
      });
      return { type: "holding", account, asset: target.asset };
    }
    case "cell": {
      const { map, keys } = target;
      const read: Typed = {
        type: "has",
        map,
        keys,
        isOld: false,
        span,
      };
      // Reading the cell demands that its keys are in range, and notes that it is touched.
      defined(run, read);
      const terms = keys.flatMap((key) => encodeTyped(key, encodingOf(run)).terms);
      return { type: "cell", map, keys: terms, field: target.field };
    }
    default:
      return target;
  }
}

function typesAt(run: Run, target: Place): readonly { readonly kind: string }[] {
  const { contract } = run.terms;
  switch (target.type) {
    case "holding":
    case "supply":
    case "vault":
      return [{ kind: "amount" }];
    case "scalar": {
      const scalar = contract.scalars.find((one) => one.name === target.name);
      assert(scalar !== undefined, "a checked scalar is declared");
      return partTypes(scalar.type, target.field);
    }
    case "cell":
      return partTypes(mapNamed(contract, target.map).value, target.field);
  }
}

function partTypes(
  type: ExpressionType | { readonly kind: "amount" | "int" },
  field: number | undefined,
): readonly { readonly kind: string }[] {
  if (type.kind !== "record") return [type];
  const types = type.fields.map((one) => one.type);
  return field === undefined ? types : types.slice(field, field + 1);
}

function addDelta(run: Run, place: SymbolicPlace, [stored]: Terms): void {
  if (stored === undefined) return;
  if (place.type !== "holding" && place.type !== "vault") return;
  const { asset } = place;
  const previous =
    place.type === "vault"
      ? lookUp(run.now.vaults, asset)
      : select(
          lookUp(run.now.holdings, asset === "" ? "balance" : `balance[${asset}]`),
          place.account,
        );
  run.deltas.set(asset, [...(run.deltas.get(asset) ?? []), subtract(stored, previous)]);
}

/** Returns the state in which the sums over a map are updated after a store to one of its cells. */
function withSums(
  run: Run,
  state: SymbolicState,
  place: SymbolicPlace,
  stored: Terms,
): SymbolicState {
  if (place.type !== "cell") return state;
  const { contract, sums } = run.terms;
  const { map, keys, field } = place;
  const old = cellAt(run.now, map, keys);
  const now = withPart(old, field, stored);
  const totals = state.sums.map((total, at) => {
    const sum = sums.entries[at]?.sum;
    if (sum?.map !== map) return total;
    const of = { contract, sums, state: run.now };
    const previous = sum.row === undefined ? total : select(total, keys[0] ?? total);
    if (sum.isNatural) run.facts.push(atMost(sumTerm(sum, keys, of, old), previous));
    const next = add(previous, sumStep(sum, keys, of, { old, now }));
    return sum.row === undefined ? next : store(total, keys[0] ?? total, next);
  });
  return { ...state, sums: totals };
}
