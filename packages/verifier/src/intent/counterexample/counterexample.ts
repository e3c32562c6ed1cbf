import type { HoldingName } from "../../language/syntax/fields.ts";
import type { ObligationKind, Span } from "../../obligation.ts";

/**
 * Run that shows that an obligation fails, in the names of the source. Plain data, ready for JSON.
 */
export interface Counterexample {
  readonly intent: string;
  readonly kind: ObligationKind;
  readonly label: string;
  readonly span: Span;
  /** One sentence that says which demand fails. */
  readonly sentence: string;
  /** Sequence of the block; present when the intent reads it. */
  readonly sequence?: string;
  readonly arguments: readonly ShownArgument[];
  readonly accounts: readonly ShownAccount[];
  /** Supplies of the declared assets that the intent looks at; absent without any. */
  readonly supplies?: readonly ShownSupply[];
}

/** One argument of a counterexample, under its name in the source. */
export interface ShownArgument {
  readonly name: string;
  readonly type: string;
  /** A decimal number, `true` or `false`, or the name of an account as in `accounts`. */
  readonly value: string;
}

/** One account. Parameters that mean the same account share one, named `from = to`. */
export interface ShownAccount {
  readonly name: string;
  readonly signs: boolean;
  readonly before: ShownFields;
  /** Fields at the end of the run, or at its fault. */
  readonly after: ShownFields;
}

/** Amounts by field: `balance`, `stake`, `balance[GOLD]`. */
export type ShownFields = Readonly<Partial<Record<HoldingName, string>>>;

/** Supply of one declared asset. */
export interface ShownSupply {
  readonly asset: string;
  readonly before: string;
  readonly after: string;
}
