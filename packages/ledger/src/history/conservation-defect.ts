/** How a transition breaks the conservation of value, with the amounts that do not add up. */
export interface ConservationDefect {
  readonly rule: /** What is held changed by something else than minted - burned. */
    | "holdings"
    /** The transition's own numbers are not those of the supply record. */
    | "supply-record"
    /** More was minted than the schedule allows (P20). */
    | "schedule"
    /** Header time did not go on from where it was, or genesis was at another time. */
    | "clock"
    /** Genesis supply changed, or minted or burned fell. */
    | "history"
    /** The holdings of a declared asset changed by something else than its supply. */
    | "asset-holdings"
    /** The record of a declared asset vanished, or became another's. */
    | "asset-record"
    /** Less was burned than what is new in the state costs. */
    | "growth";
  /** The declared asset that it is about, in hexadecimal digits; absent for the native one. */
  readonly asset?: string;
  readonly expected: bigint;
  readonly actual: bigint;
}
