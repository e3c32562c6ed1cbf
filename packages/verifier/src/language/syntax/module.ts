import type { Contract } from "./contract.ts";
import type { AssetDeclaration, Batch, Constant, Intent } from "./syntax.ts";

/** Syntax tree of a source, as written. */
export interface Module {
  readonly items: readonly Item[];
}

export type Item = Constant | AssetDeclaration | Intent | Batch | Contract;
