import { toHex, type ValidatorSet } from "@aethel/models";

/** Returns the ids of a set's validators, in hexadecimal. */
export function memberNames({ validators }: ValidatorSet): ReadonlySet<string> {
  return new Set(validators.map(({ id }) => toHex(id)));
}
