import type { Genesis } from "../ledger/genesis.ts";
import type { Problem } from "../problem.ts";
import type { PlacedProblem } from "./source.ts";

/** A genesis that can work, or everything that is to be mended, in the order of the file. */
export type GenesisReading =
  | { readonly ok: true; readonly genesis: Genesis }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** A rule of a layer above, such as the economics: what it finds is shown with its place too. */
export type GenesisRule = (genesis: Genesis) => readonly Problem[];
