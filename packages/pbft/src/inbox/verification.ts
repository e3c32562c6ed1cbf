import type { AuthenticationContext } from "../authenticate.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { State } from "../state.ts";

/**
 * Returns the chain and the validator sets against which a message of sequence `at` is checked.
 * `at` is near the current sequence.
 */
export function contextAt(
  state: State,
  at: number,
  { genesis, verify }: Pick<ReplicaOptions, "genesis" | "verify">,
): AuthenticationContext {
  const { validators, previousValidators } = state.head;
  // Of the head's own sequence only votes are looked at, which need no set before theirs.
  const set = at < state.sequence ? previousValidators : validators;
  const previousSet = at <= state.sequence ? previousValidators : validators;
  return { genesis, set, previousSet, ...(verify === undefined ? {} : { verify }) };
}
