import { holdsKeyOf } from "../own-key.ts";
import { patch, type StepContext } from "../step-context.ts";

/**
 * Looks whether the key of the current set is one of its own, at each input: sets change at epoch
 * boundaries, and a key can be added to a replica that runs.
 */
export function watchOwnKey(context: StepContext): void {
  const { state, config } = context;
  const holdsKey = holdsKeyOf(config, state.head.validators);
  if (holdsKey !== state.holdsKey) patch(context, { holdsKey });
}
