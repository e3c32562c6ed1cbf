import type { HoldingName } from "../../language/syntax/fields.ts";
import type { ObligationKind, Span } from "../../obligation.ts";

/**
 * Run that shows that an obligation fails, in the terms of the source. Plain data, ready for JSON.
 */
export interface Counterexample {
  readonly intent: string;
  readonly kind: ObligationKind;
  readonly label: string;
  readonly span: Span;
  /** Sentence that says in what way the obligation fails. */
  readonly sentence: string;
  /** Sequence (height) of the block. Present if the intent reads it. */
  readonly sequence?: string;
  readonly arguments: readonly ShownArgument[];
  readonly accounts: readonly ShownAccount[];
  /** Supplies of the declared assets that the intent reads or writes. Absent if there are none. */
  readonly supplies?: readonly ShownSupply[];
  /** State of the contract of which the intent is a member. Absent for other intents. */
  readonly contract?: ShownContract;
}

/** State of a contract before and after a run. */
export interface ShownContract {
  /** Whole seconds of the parent block's timestamp. */
  readonly now: string;
  /** Values of the names of a rule's `for each` for which the rule fails. */
  readonly keys: readonly { readonly name: string; readonly value: string }[];
  /** Vaults, scalars and cells, such as `deals[7]`, in the words of the source. */
  readonly places: readonly ShownPlace[];
  /** Names of the accounts that sign the call. Absent if the statement is about a state alone. */
  readonly signers?: readonly string[];
  /** Values of the `let`s of the call that were reached, by name. Absent if there are none. */
  readonly lets?: readonly { readonly name: string; readonly value: string }[];
  /**
   * Whether a search of at most three calls from the initial state reached the state before. If
   * not, the state may still be reachable, or an invariant is missing that excludes it. Absent if
   * the statement must hold of states that no call can reach, too.
   */
  readonly isReached?: boolean;
}

/** Place of a contract's state before and after a run. */
export interface ShownPlace {
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

/** Argument of a counterexample, under its name in the source. */
export interface ShownArgument {
  readonly name: string;
  readonly type: string;
  /** Decimal number, `true` or `false`, or the name of an account as in `accounts`. */
  readonly value: string;
}

/**
 * Account of a counterexample. If several parameters name the same account, it appears once, as
 * `from = to`.
 */
export interface ShownAccount {
  readonly name: string;
  readonly signs: boolean;
  readonly before: ShownFields;
  /** Fields at the end of the run, or when it stopped with a fault. */
  readonly after: ShownFields;
}

/** Amounts by field, such as `balance`, `stake` or `balance[GOLD]`. */
export type ShownFields = Readonly<Partial<Record<HoldingName, string>>>;

/** Supply of one declared asset before and after the run. */
export interface ShownSupply {
  readonly asset: string;
  readonly before: string;
  readonly after: string;
}
