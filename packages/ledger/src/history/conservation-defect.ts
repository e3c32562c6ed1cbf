/** Violation of the conservation of value by a transition, with the amounts that differ. */
export interface ConservationDefect {
  readonly rule: /** The sum of what is held did not change by minted - burned. */
    | "holdings"
    /** The sums over the transition's entries differ from the amounts in its supply record. */
    | "supply-record"
    /** More was minted than the emission schedule allows (P20). */
    | "schedule"
    /**
     * The clock does not continue the clock of the block before, or its time of genesis changed.
     */
    | "clock"
    /** The genesis supply changed, or the supply record was created or removed. */
    | "history"
    /** The holdings of a declared asset changed by a different amount than its supply. */
    | "asset-holdings"
    /** The record of a declared asset was removed, or its name or issuer changed. */
    | "asset-record"
    /** The sum of the deposits did not change by the price of the cells that came and went. */
    | "deposits"
    /** Less was burned than the fees for the growth of the state amount to. */
    | "growth";
  /** Id of the declared asset in hexadecimal digits; absent for the native asset. */
  readonly asset?: string;
  readonly expected: bigint;
  readonly actual: bigint;
}
