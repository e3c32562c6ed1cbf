declare const brand: unique symbol;

/**
 * `Base`, distinguishable at compile time by `Name` and free at run time.
 *
 * A view number and a sequence number are both integers; swapping them compiles without a
 * brand and forks a ledger at run time.
 */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
