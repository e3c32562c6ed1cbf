declare const brand: unique symbol;

/**
 * Type `Base` with a name that only the compiler sees. It costs nothing at run time.
 *
 * A view and a sequence are both integers. Without a brand, code that swaps them compiles, and
 * forks the chain at run time.
 */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
