import type { TypedIntent } from "../typed/typed-contract.ts";

/**
 * Places that a call of an intent can store, derived from its statements. Assets have their names
 * of the source; the native asset has the empty name.
 */
export interface CallWrites {
  /** Assets of which a call can change balances of accounts. */
  readonly holdings: ReadonlySet<string>;
  readonly supplies: ReadonlySet<string>;
  /** Assets of which a call can change the amount in the vault. */
  readonly vaults: ReadonlySet<string>;
  readonly scalars: ReadonlySet<string>;
  readonly maps: ReadonlySet<string>;
}

/**
 * Returns the places that a call of an intent can store. The ledger checks with them that a run has
 * stored nothing else.
 */
export function writesOfCall({ effect }: TypedIntent): CallWrites {
  const writes = {
    holdings: new Set<string>(),
    supplies: new Set<string>(),
    vaults: new Set<string>(),
    scalars: new Set<string>(),
    maps: new Set<string>(),
  };
  for (const statement of effect) {
    if (statement.type !== "store") continue;
    const { target } = statement;
    switch (target.type) {
      case "holding":
        writes.holdings.add(target.asset);
        break;
      case "supply":
        writes.supplies.add(target.asset);
        break;
      case "vault":
        writes.vaults.add(target.asset);
        break;
      case "scalar":
        writes.scalars.add(target.name);
        break;
      case "cell":
        writes.maps.add(target.map);
    }
  }
  return writes;
}
