import type { Genesis } from "../ledger/genesis.ts";
import type { Problem } from "../problem.ts";
import type { PlacedProblem } from "./source.ts";

/** Sound genesis, or all problems in the order of the file. */
export type GenesisReading =
  | { readonly ok: true; readonly genesis: Genesis }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Rule of a higher layer, such as the economics, whose problems are shown with their places. */
export type GenesisRule = (genesis: Genesis) => readonly Problem[];
