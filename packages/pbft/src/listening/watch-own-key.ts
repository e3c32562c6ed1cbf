import { type Draft, patch } from "../draft.ts";
import { holdsKeyOf } from "../own-key.ts";

/**
 * Looks whether the key of the set in hand is one of its own, at each input: sets change at epoch
 * boundaries, and a key can be added to a replica that runs.
 */
export function watchOwnKey(draft: Draft): void {
  const { state, config } = draft;
  const holdsKey = holdsKeyOf(config, state.head.validators);
  if (holdsKey !== state.holdsKey) patch(draft, { holdsKey });
}
