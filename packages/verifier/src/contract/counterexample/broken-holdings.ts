import type { ContractChanges } from "../execution/contract-state.ts";
import type { TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import { none } from "../typed/values.ts";
import { cellOf, type WholeState } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";
import { type Names, nameOf } from "./names.ts";

/** Returns a sentence on an asset of which a call makes or loses some. Undefined if there is none. */
export function imbalance(contract: TypedContract, changes: ContractChanges): string | undefined {
  for (const name of ["", ...contract.assets.map((asset) => asset.name)]) {
    const own = [...changes.holdings, ...changes.vaults].filter(
      ({ asset }) => (asset?.name ?? "") === name,
    );
    const change = own.reduce((sum, one) => sum + one.after - one.before, 0n);
    const issued = changes.supplies
      .filter(({ asset }) => asset.name === name)
      .reduce((sum, one) => sum + one.after - one.before, 0n);
    if (change === issued) continue;
    const what = name === "" ? "all holdings" : `all holdings of \`${name}\``;
    if (issued !== 0n) return `The sum of ${what} changes by ${change}, the supply by ${issued}.`;
    const [verb, amount] = change > 0n ? ["makes", change] : ["loses", -change];
    return `The call ${verb} ${amount}: the sum of ${what}, the vault included, changes by ${change}.`;
  }
  return undefined;
}

/** Returns a sentence on an account whose holdings fall without its signature, if there is one. */
export function theft(
  changes: ContractChanges,
  signers: ReadonlySet<string>,
  names: Names,
): string | undefined {
  const loser = changes.holdings.find(
    ({ account, before, after }) => after < before && !signers.has(account),
  );
  if (loser === undefined) return undefined;
  const { account, asset, before, after } = loser;
  const field = asset === undefined ? "balance" : `balance[${asset.name}]`;
  const name = nameOf(account, names);
  return `\`${field}\` of ${name} falls from ${before} to ${after}, and ${name} did not sign.`;
}

/**
 * Returns a sentence on a cell of a `claim` or `debt` that a call changes against its promise.
 * Undefined if there is none.
 */
export function brokenPromise(
  contract: TypedContract,
  intent: TypedIntent,
  run: {
    readonly concrete: Concrete;
    readonly changes: ContractChanges;
    readonly after: WholeState;
    readonly names: Names;
  },
): string | undefined {
  const { concrete, changes, after, names } = run;
  const maps = contract.maps.filter(
    ({ promise }) => promise !== undefined && !promise.unless.includes(intent.name),
  );
  const accounts = new Set(
    changes.cells.flatMap(({ map, keys }) =>
      maps.some(({ name }) => name === map) && typeof keys[0] === "string" ? [keys[0]] : [],
    ),
  );
  for (const account of accounts) {
    if (account === none || concrete.call.signers.has(account)) continue;
    const change = (map: string): bigint => {
      const place = { map, keys: [account] };
      const [old, now] = [cellOf(contract, concrete.state, place), cellOf(contract, after, place)];
      return typeof old === "bigint" && typeof now === "bigint" ? now - old : 0n;
    };
    const owner = nameOf(account, names);
    for (const { name, promise } of maps) {
      const by = change(name);
      const isDebt = promise?.kind === "debt";
      const cell = `\`${name}[${owner}]\``;
      if (isDebt && by > 0n) return `${cell} rises by ${by}, and ${owner} did not sign.`;
      const isShare = promise?.kind === "claim" && promise.asset === undefined;
      if (isShare && by < 0n) return `${cell} falls by ${-by}, and ${owner} did not sign.`;
    }
    const assets = new Set(maps.flatMap(({ promise }) => promise?.asset ?? []));
    for (const asset of assets) {
      const claims = maps.filter(
        ({ promise }) => promise?.kind === "claim" && promise.asset === asset,
      );
      const lost = claims.reduce((sum, { name }) => sum - change(name), 0n);
      const paid = changes.holdings
        .filter((one) => one.account === account && (one.asset?.name ?? "") === asset)
        .reduce((sum, one) => sum + one.after - one.before, 0n);
      if (lost <= paid) continue;
      const cells = claims
        .filter(({ name }) => change(name) < 0n)
        .map(({ name }) => `\`${name}[${owner}]\` falls by ${-change(name)}`);
      return `${cells.join(", and ")}: ${owner} did not sign, and is paid ${paid}.`;
    }
  }
  return undefined;
}
