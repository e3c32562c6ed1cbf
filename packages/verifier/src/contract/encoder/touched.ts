import { and, not } from "../../intent/build-term.ts";
import type { Term } from "../../term.ts";
import type { SymbolicHash, SymbolicMessage, Touch } from "./encode-typed.ts";
import type { Terms } from "./symbolic-state.ts";
import { sameKeys } from "./symbolic-state.ts";

/**
 * Places that a run reads or stores: accounts by asset, and keys by map. Terms of equal structure
 * are noted once; different terms may still mean the same place.
 */
export class Touched {
  readonly #accounts = new Map<string, Map<string, Term>>();
  readonly #cells = new Map<string, Map<string, Terms>>();
  readonly #rows = new Map<number, Map<string, Term>>();
  readonly messages: SymbolicMessage[] = [];
  readonly hashes: SymbolicHash[] = [];
  readonly touch: Touch = {
    row: (sum, key) => {
      const known = this.#rows.get(sum) ?? new Map<string, Term>();
      this.#rows.set(sum, known.set(keyOf([key]), key));
    },
    hash: (hash) => {
      this.hashes.push(hash);
    },
    message: (message) => {
      this.messages.push(message);
    },
    account: (account, asset) => {
      const known = this.#accounts.get(asset) ?? new Map<string, Term>();
      this.#accounts.set(asset, known.set(keyOf([account]), account));
    },
    cell: (map, keys) => {
      const known = this.#cells.get(map) ?? new Map<string, Terms>();
      const key = keyOf(keys);
      if (!known.has(key)) known.set(key, keys);
      this.#cells.set(map, known);
    },
  };

  /** Returns a copy, which can note more places without changing this one. */
  copy(): Touched {
    const copy = new Touched();
    for (const [asset, accounts] of this.#accounts) {
      for (const account of accounts.values()) copy.touch.account(account, asset);
    }
    for (const [map, cells] of this.#cells) {
      for (const keys of cells.values()) copy.touch.cell(map, keys);
    }
    for (const [sum, rows] of this.#rows) {
      for (const key of rows.values()) copy.touch.row(sum, key);
    }
    copy.messages.push(...this.messages);
    copy.hashes.push(...this.hashes);
    return copy;
  }

  accounts(asset: string): readonly Term[] {
    return [...(this.#accounts.get(asset)?.values() ?? [])];
  }

  /**
   * Returns the noted first keys of the rows over which a sum runs. `sum` is the index of the sum
   * in `SumTable`.
   */
  rows(sum: number): readonly Term[] {
    return [...(this.#rows.get(sum)?.values() ?? [])];
  }

  cells(map: string): readonly Terms[] {
    return [...(this.#cells.get(map)?.values() ?? [])];
  }
}

/** Receiver that ignores the places that a run reads or stores. */
export const forget: Touch = {
  account: () => undefined,
  cell: () => undefined,
  row: () => undefined,
  message: () => undefined,
  hash: () => undefined,
};

/** Returns a text that is equal for terms of equal structure only. */
export function keyOf(terms: Terms): string {
  return JSON.stringify(terms, (_key, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

/**
 * Returns, for each list of keys, the formula that it differs from all earlier lists. With it, a
 * place that two lists name counts once.
 */
export function firstOf(lists: readonly Terms[]): readonly Term[] {
  return lists.map((keys, at) => {
    const differs = lists.slice(0, at).map((earlier) => not(conjunction(sameKeys(keys, earlier))));
    return differs.length === 0 ? { type: "boolean", value: true } : conjunction(differs);
  });
}

function conjunction(formulas: readonly Term[]): Term {
  const [only, second] = formulas;
  return only !== undefined && second === undefined ? only : and(...formulas);
}
