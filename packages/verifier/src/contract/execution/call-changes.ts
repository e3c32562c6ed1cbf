import type { ContractValue } from "../typed/value-types.ts";
import type { CallRun } from "./call-run.ts";
import type { ContractChanges } from "./contract-state.ts";
import type { Slot } from "./slot.ts";

const nothing: readonly never[] = [];

type Lists = { -readonly [K in keyof ContractChanges]?: ContractChanges[K][number][] };

/** Returns all places that a run has stored, in the order of first stores, and its events. */
export function changesOf(run: CallRun): ContractChanges {
  const lists: Lists = {};
  for (let slot = run.firstStored; slot !== undefined; slot = slot.next) addChange(lists, slot);
  const {
    holdings = nothing,
    supplies = nothing,
    vaults = nothing,
    scalars = nothing,
    cells = nothing,
  } = lists;
  return { holdings, supplies, vaults, scalars, cells, events: run.events ?? nothing };
}

function addChange(lists: Lists, { kind, keys, before, after = before }: Slot): void {
  switch (kind.type) {
    case "scalar":
      lists.scalars = added(lists.scalars, { name: kind.name, before, after });
      break;
    case "cell":
      lists.cells = added(lists.cells, { map: kind.map, keys, before, after });
      break;
    case "holding": {
      const [account] = keys;
      if (typeof account !== "string") throw new Error("an account is a text");
      const { asset } = kind;
      lists.holdings = added(lists.holdings, {
        account,
        asset,
        before: amount(before),
        after: amount(after),
      });
      break;
    }
    case "vault":
      lists.vaults = added(lists.vaults, {
        asset: kind.asset,
        before: amount(before),
        after: amount(after),
      });
      break;
    case "supply":
      lists.supplies = added(lists.supplies, {
        asset: kind.asset,
        before: amount(before),
        after: amount(after),
      });
  }
}

/** Appends to a list, or makes a list of one, for which no spare memory is reserved. */
function added<One>(list: One[] | undefined, one: One): One[] {
  if (list === undefined) return [one];
  list.push(one);
  return list;
}

function amount(value: ContractValue): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("a stored amount is a number");
}
