import { type AccountId, equalBytes, indexOfValidator, toSequence } from "@aethel/models";
import type { Grant } from "../books/listeners.ts";
import { considerProposing } from "../leader/lead.ts";
import { patch, type StepContext } from "../step-context.ts";
import { armViewTimer } from "../timing/timing.ts";

/**
 * Blocks that a listening validator waits for: it signs from the third block after the head that it
 * was told.
 */
const BLOCKS_OWED = 2;
/** Most times that one validator is granted such blocks within `GRANT_WINDOW` sequences. */
const GRANTS_MAX = 4;
const GRANT_WINDOW = 64;

/**
 * Handles the news that a validator listens. It signs again only once the chain has gone on, so two
 * blocks are due even without work. It asks everybody, so each validator makes them when it leads.
 * No view change enforces them, except where the listening validator itself leads, since a liar may
 * ask all but the leader. A liar gains at most eight empty blocks in 64 sequences. On an idle chain
 * that is all it gains: the window counts sequences, and no further blocks come.
 */
export function onListener(context: StepContext, validator: AccountId): void {
  const { head, listeners, sequence } = context.state;
  const set = head.validators;
  if (indexOfValidator(set, validator) === undefined) return;
  const isOf = (grant: Grant): boolean => equalBytes(grant.validator, validator);
  const known = listeners.find(isOf);
  const until = toSequence(head.header.sequence + BLOCKS_OWED);
  const isOpen = known !== undefined && sequence < known.since + GRANT_WINDOW;
  const before = isOpen ? known : { validator, since: sequence, count: 0, until: toSequence(0) };
  // It asks again until it is answered: what is owed already is owed once.
  if (until <= before.until || before.count >= GRANTS_MAX) return;
  const others = listeners.filter(
    (grant) => !isOf(grant) && indexOfValidator(set, grant.validator) !== undefined,
  );
  patch(context, { listeners: [...others, { ...before, until, count: before.count + 1 }] });
  armViewTimer(context);
  considerProposing(context);
}
