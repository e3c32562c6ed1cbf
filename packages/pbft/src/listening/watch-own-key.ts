import { holdsKeyOf } from "../own-key.ts";
import { patch, type StepContext } from "../step-context.ts";

/**
 * Updates, at each input, whether this replica has the key that the current set names for it. Sets
 * change at epoch boundaries, and a key can be added to a running replica.
 */
export function watchOwnKey(context: StepContext): void {
  const { state, config } = context;
  const holdsKey = holdsKeyOf(config, state.head.validators);
  if (holdsKey !== state.holdsKey) patch(context, { holdsKey });
}
