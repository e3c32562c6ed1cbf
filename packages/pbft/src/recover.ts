import { type Timestamp, toSequence } from "@aethel/models";
import type { Config } from "./config.ts";
import { recall } from "./evidence/pending.ts";
import { reportQuiet } from "./hearing/quiet.ts";
import { considerProposing } from "./leader/lead.ts";
import { beginStarting, resumeListening } from "./listening/listen.ts";
import { recallStatements } from "./listening/own-signatures.ts";
import { validateNext } from "./normal-case/progress.ts";
import type { ApplicationHead } from "./ports.ts";
import type { SigningEntry } from "./record.ts";
import { entriesBeyond, takeUpKept } from "./replay.ts";
import { checkLeadership } from "./schedule/leader-at.ts";
import { createState, type State } from "./state.ts";
import type { Transition } from "./step.ts";
import { patch, type StepContext } from "./step-context.ts";
import { takeHead } from "./timing/pacing.ts";
import { armViewTimer, startHeartbeat, startResend } from "./timing/timing.ts";

/**
 * Makes the first transition of a replica. Builds its state from the application's head and the
 * signing log, before anything is read from the network (B6), and sends its last statements again
 * (B5).
 *
 * If the application's database was deleted or restored from a copy, its head may be lower than
 * before. The replica then keeps the log's entries of later sequences and applies each when the
 * application reaches its sequence. Up to the floor, below which entries were dropped, the replica
 * follows without signing.
 */
export function recover(options: {
  readonly config: Config;
  readonly head: ApplicationHead;
  readonly entries: readonly SigningEntry[];
  readonly hasWork: boolean;
  readonly now: number;
  /** As in `Input`: a time in milliseconds that never decreases. Default: `now`. */
  readonly elapsed?: number;
  /**
   * Whether the replica first asks others which of its signatures they have, and signs nothing new
   * before.
   */
  readonly asksFirst?: boolean;
  /**
   * Whether the replica signs even if others have signatures of its key that its log lacks, as in
   * `ReplicaOptions`.
   */
  readonly ignoresOwnSignatures?: boolean;
}): Transition {
  const { config, head, entries, hasWork, now, elapsed = now, asksFirst = false } = options;
  checkLeadership(head);
  const state: State = { ...createState(config, head), work: hasWork };
  const context: StepContext = { config, now, elapsed, state, effects: [] };
  const { kept, dropped } = entriesBeyond(entries, head.header.sequence);
  const floor = toSequence(Math.max(floorOf(entries), dropped));
  patch(context, { floor, kept });
  if (options.ignoresOwnSignatures !== true) {
    patch(context, { own: recallStatements(entries, head.header.sequence) });
  }
  for (const entry of entries) if (entry.type === "evidence") recall(context, entry.evidence);
  takeHead(context, undefined);
  const since = listeningOf(entries);
  if (since !== undefined) resumeListening(context, since);
  takeUpKept(context);
  if (asksFirst) beginStarting(context);
  startHeartbeat(context);
  startResend(context);
  context.effects.push({ type: "ask-heads", known: head.header.sequence });
  armViewTimer(context);
  considerProposing(context);
  validateNext(context);
  reportQuiet(context, undefined);
  return { state: context.state, effects: context.effects };
}

/**
 * Returns the sequence up to which entries may have been dropped from the signing log; 0 if none
 * were.
 */
function floorOf(entries: readonly SigningEntry[]): number {
  return entries.reduce(
    (floor, entry) => (entry.type === "floor" ? Math.max(floor, entry.sequence) : floor),
    0,
  );
}

/**
 * Returns the time at which listening began, if a signing log with these entries requires
 * listening. Undefined if it does not.
 */
export function listeningOf(entries: readonly SigningEntry[]): Timestamp | undefined {
  let since: Timestamp | undefined;
  for (const entry of entries) {
    if (entry.type === "listen") since = entry.since;
    if (entry.type === "floor") since = undefined;
  }
  return since;
}
