import type { Genesis } from "../ledger/genesis.ts";
import type { Problem } from "../problem.ts";
import type { PlacedProblem } from "./source.ts";

/** A sound genesis, or all problems in the order of the file. */
export type GenesisReading =
  | { readonly ok: true; readonly genesis: Genesis }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/**
 * Rule of another package, such as those about economic parameters. Its problems are shown with
 * their places in the file.
 */
export type GenesisRule = (genesis: Genesis) => readonly Problem[];
