import { type AccountId, equalBytes, indexOfValidator, toSequence } from "@aethel/models";
import type { Grant } from "../books/listeners.ts";
import { considerProposing } from "../leader/lead.ts";
import { patch, type StepContext } from "../step-context.ts";
import { armViewTimer } from "../timing/timing.ts";

/**
 * Number of blocks for which a listening validator waits. It signs from the third block after the
 * highest head in its answers.
 */
const BLOCKS_OWED = 2;
/**
 * Most times that blocks are made for one listening validator within `GRANT_WINDOW` sequences
 * although nothing is pending.
 */
const GRANTS_MAX = 4;
const GRANT_WINDOW = 64;

/**
 * Handles the news that a validator listens (follows without signing). That validator signs again
 * only after further blocks, so two blocks become due even without work. It asks all validators,
 * and each of them makes these blocks when it leads. If a leader does not, no view change follows,
 * since a liar may have asked everybody but the leader. The exception is a leader that itself
 * listens. A liar gains at most eight empty blocks in 64 sequences. On an idle chain it gains
 * nothing more, because the window counts sequences.
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
