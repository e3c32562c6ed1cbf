import { assertNever } from "@aethel/models";
import { onAhead, onCommitted, onContradicted, onFinalized } from "./catch-up/catch-up.ts";
import type { Config } from "./config.ts";
import { type Draft, discard } from "./draft.ts";
import type { Effect } from "./effect.ts";
import { reportQuiet } from "./hearing/quiet.ts";
import type { Input } from "./input.ts";
import { onProposed } from "./leader/lead.ts";
import { onSignedHead } from "./listening/listen.ts";
import { onListener } from "./listening/on-listener.ts";
import { noteStatements } from "./listening/own-signatures.ts";
import { watchOwnKey } from "./listening/watch-own-key.ts";
import { onMessage, onRelayedEvidence } from "./message.ts";
import { onBlock, onVerdict } from "./normal-case/judging.ts";
import { onTimeout, onWork } from "./pacemaker/pacemaker.ts";
import type { State } from "./state.ts";
import { onSigning } from "./suspend.ts";

/** Next state, and what the driver owes the world because of it. */
export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/**
 * Advances a replica by one input. Total and deterministic: equal arguments give equal
 * transitions. It throws only when an invariant of its own is broken; then the replica must stop.
 */
export function step(config: Config, state: State, input: Input): Transition {
  const { now, elapsed = now } = input;
  const draft: Draft = { config, now, elapsed, state, effects: [] };
  if (state.stopped) discard(draft, input.type, "stopped");
  else {
    watchOwnKey(draft);
    handle(draft, input);
    noteStatements(draft);
    reportQuiet(draft, state);
  }
  return { state: draft.state, effects: draft.effects };
}

function handle(draft: Draft, input: Input): void {
  switch (input.type) {
    case "message":
      return onMessage(draft, input.message, input.from);
    case "verdict":
      return onVerdict(draft, input.digest, input.verdict);
    case "proposed":
      return onProposed(draft, input);
    case "block":
      return onBlock(draft, input.digest, input.block);
    case "finalized":
      return onFinalized(draft, input.finalized);
    case "committed":
      return onCommitted(draft, input.head, input.hasWork);
    case "contradicted":
      return onContradicted(draft, input.reason);
    case "signing":
      return onSigning(draft, input.possible);
    case "work":
      return onWork(draft, input.pending);
    case "timeout":
      return onTimeout(draft, input.timer);
    case "evidence":
      return onRelayedEvidence(draft, input.evidence, input.from);
    case "signed-head":
      return onSignedHead(draft, input.validator, input.sequence);
    case "listener":
      return onListener(draft, input.validator);
    case "ahead":
      return onAhead(draft, input.sequence, input.peer);
    default:
      return assertNever(input);
  }
}
