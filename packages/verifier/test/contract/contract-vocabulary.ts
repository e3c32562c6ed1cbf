import fc from "fast-check";
import type { Kind, RandomField, RandomMap, Scope } from "./arbitrary-contract-expression.ts";

/** Declarations of a random contract, without its rules and intents. */
export interface Declarations {
  readonly words: readonly string[];
  readonly fields: readonly RandomField[];
  readonly constants: readonly { readonly name: string; readonly kind: Kind }[];
  /** Assets by name; `SHARE` is the contract's own. */
  readonly assets: readonly string[];
  readonly scalars: readonly { readonly name: string; readonly typeName: string; kind: Kind }[];
  readonly maps: readonly RandomMap[];
}

const type = (typeName: string, kind: Kind) => ({ typeName, kind });
const amount = type("Amount", "number");
const account = type("Account", "account");
const int = type("Int", "number");
const allFields: readonly RandomField[] = [
  { name: "to", typeName: "Account", kind: "account" },
  { name: "amount", typeName: "Amount", kind: "number" },
  { name: "until", typeName: "Int", kind: "number" },
  { name: "open", typeName: "Bool", kind: "bool" },
  { name: "record", typeName: "Digest", kind: "digest" },
  { name: "state", typeName: "Phase", kind: "phase" },
];
const allScalars: Declarations["scalars"] = [
  { name: "total", ...amount },
  { name: "after", ...int },
  { name: "owner", ...account },
  { name: "paused", ...type("Bool", "bool") },
  { name: "mark", ...type("Digest", "digest") },
  { name: "phase", ...type("Phase", "phase") },
  { name: "current", ...type("Deal", "deal") },
];
const allMaps: readonly RandomMap[] = [
  { name: "shares", keys: [account], value: amount },
  { name: "owed", keys: [account], value: amount },
  { name: "deals", keys: [int], value: type("Deal", "deal") },
  { name: "votes", keys: [account, int], value: amount },
  { name: "claim", keys: [amount, type("Phase", "phase")], value: int },
  { name: "seen", keys: [type("Digest", "digest")], value: type("Bool", "bool") },
  { name: "at", keys: [type("Phase", "phase")], value: account },
];
const allConstants: Declarations["constants"] = [
  { name: "FEE", kind: "number" },
  { name: "OWNER", kind: "account" },
  { name: "YES", kind: "bool" },
  { name: "ROOT", kind: "digest" },
  { name: "FIRST", kind: "phase" },
];

/** Draws the declarations of a random contract. */
export const declarations: fc.Arbitrary<Declarations> = fc.record({
  words: fc.subarray(["idle", "live", "done"], { minLength: 1 }),
  fields: fc.subarray([...allFields], { minLength: 1 }),
  constants: fc.subarray([...allConstants]),
  assets: fc.subarray(["SHARE", "GOLD"]),
  scalars: fc.subarray([...allScalars]),
  maps: fc.subarray([...allMaps], { maxLength: 4 }),
});

/** Names that an intent of a contract can mention, without its parameters. */
export function scopeOf(declared: Declarations): Scope {
  const { constants, fields, words, scalars, maps, assets } = declared;
  return {
    names: constants,
    scalars,
    maps,
    fields,
    words,
    signatures: [],
    supplies: assets,
    assets,
    holdings: true,
    vault: true,
    old: true,
    sums: false,
    call: true,
  };
}
