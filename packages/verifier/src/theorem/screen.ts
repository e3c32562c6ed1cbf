import { readCommands, type TypedScript } from "./commands/commands.ts";
import type { ElaborationLimits, Environment } from "./environment/environment.ts";
import { createInstantiate } from "./graph/instantiate.ts";
import { createTermGraph } from "./graph/term-graph.ts";
import { type GrowthLimits, requireBounded } from "./growth/require-bounded.ts";
import {
  BIT_WIDTH_MAX,
  DECLARATIONS_MAX,
  DEGREE_MAX,
  DISTINCT_MAX,
  DISTINCT_PAIRS_MAX,
  EXPANSION_STEPS_MAX,
  GATES_MAX,
  GROWTH_MAX,
  INDEX_MAX,
  MONOMIALS_MAX,
  NUMERAL_DIGITS_MAX,
  NUMERALS_MAX,
  PRINT_STEPS_MAX,
  PRINTED_MAX,
  QUANTIFIED_MAX,
  REACHABLE_SORTS_MAX,
  SCRIPT_BYTES_MAX,
  SCRIPT_DEPTH_MAX,
  SCRIPT_NODES_MAX,
  SORT_SIZE_MAX,
  SYMBOL_LENGTH_MAX,
  TERM_DEPTH_MAX,
} from "./limits.ts";
import { printScript } from "./print/print-script.ts";
import { createSortTable, SortTooLarge } from "./sorts/sort-table.ts";
import { readScript, ScreenError, type ScreenFault } from "./syntax/s-expression.ts";

/** Script that was accepted as a claim, or the fault for which it is refused. */
export type Screening =
  | {
      readonly type: "accepted";
      /** Declarations and assertions as this package prints them. Z3 reads no other text. */
      readonly script: string;
      /** Names of the script by the names in the printed text, for messages. */
      readonly originals: ReadonlyMap<string, string>;
      readonly typed: TypedScript;
      /** Remarks for the author on parts of the script that were dropped. */
      readonly notes: readonly string[];
    }
  | { readonly type: "refused"; readonly fault: ScreenFault };

const elaborationLimits: ElaborationLimits = {
  declarations: DECLARATIONS_MAX,
  symbolLength: SYMBOL_LENGTH_MAX,
  numeralDigits: NUMERAL_DIGITS_MAX,
  bitWidth: BIT_WIDTH_MAX,
  index: INDEX_MAX,
  quantifierDepth: QUANTIFIED_MAX,
  reachableSorts: REACHABLE_SORTS_MAX,
};
const growthLimits: GrowthLimits = {
  bitWidth: BIT_WIDTH_MAX,
  words: GROWTH_MAX,
  degree: DEGREE_MAX,
  monomials: MONOMIALS_MAX,
  distinct: DISTINCT_MAX,
  pairs: DISTINCT_PAIRS_MAX,
  gates: GATES_MAX,
  numerals: NUMERALS_MAX,
};
const readLimits = {
  depth: SCRIPT_DEPTH_MAX,
  nodes: SCRIPT_NODES_MAX,
  symbolLength: SYMBOL_LENGTH_MAX,
};

/**
 * Decides whether an SMT-LIB script is a single well-sorted claim in plain form, before Z3 sees any
 * of it. Gives an answer for any bytes.
 */
export function screenScript(bytes: Uint8Array): Screening {
  try {
    if (bytes.length > SCRIPT_BYTES_MAX) {
      throw new ScreenError(
        "too-large",
        `the script has ${bytes.length} bytes; at most ${SCRIPT_BYTES_MAX} are allowed`,
        0,
      );
    }
    const environment = createEnvironment();
    const typed = readCommands(environment, readScript(bytes, readLimits));
    requireBounded(
      typed.assertions.map(({ term }) => term),
      growthLimits,
    );
    const { text, originals } = printScript(typed.assertions, environment.sorts, {
      characters: PRINTED_MAX,
      steps: PRINT_STEPS_MAX,
    });
    return { type: "accepted", script: text, originals, typed, notes: typed.notes };
  } catch (error) {
    if (error instanceof ScreenError) return { type: "refused", fault: error.fault };
    if (!(error instanceof SortTooLarge)) throw error;
    const message = "a sort that is too large when written out";
    return { type: "refused", fault: { code: "expansion", message, at: 0 } };
  }
}

function createEnvironment(): Environment {
  const graph = createTermGraph({ depth: TERM_DEPTH_MAX, steps: EXPANSION_STEPS_MAX });
  const environment: Environment = {
    sorts: createSortTable(SORT_SIZE_MAX, (steps) => graph.spend(steps, environment.place)),
    graph,
    instantiate: createInstantiate(graph),
    limits: elaborationLimits,
    sortNames: new Map(),
    functionNames: new Map(),
    numeralsAreReal: false,
    symbols: 0,
    meanings: 0,
    place: 0,
  };
  return environment;
}
