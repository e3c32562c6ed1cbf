import { type Argument, toAmount } from "@aethel/models";
import { TOKEN } from "../config/new-chain.ts";
import { type PersonName, person } from "../localnet/people.ts";

/** Argument that is a well-known account. */
export function account(name: PersonName): Argument {
  return { type: "account", value: person(name).id };
}

/** Argument that is an amount, in whole tokens. */
export function amount(tokens: bigint): Argument {
  return { type: "amount", value: toAmount(tokens * TOKEN) };
}

/** Argument that is a whole number, which is not negative. */
export function integer(magnitude: bigint): Argument {
  return { type: "integer", negative: false, magnitude };
}
