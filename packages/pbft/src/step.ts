import { assertNever } from "@aethel/models";
import { onAhead, onCommitted, onContradicted, onFinalized } from "./catch-up/catch-up.ts";
import type { Config } from "./config.ts";
import type { Effect } from "./effect.ts";
import { searchSuspects } from "./evidence/claim-search.ts";
import { reportQuiet } from "./hearing/quiet.ts";
import type { Input } from "./input.ts";
import { onProposed } from "./leader/lead.ts";
import { onSignedHead } from "./listening/listen.ts";
import { onListener } from "./listening/on-listener.ts";
import { noteStatements } from "./listening/own-signatures.ts";
import { watchOwnKey } from "./listening/watch-own-key.ts";
import { onClaim, onMessage, onRelayedEvidence } from "./message.ts";
import { onBlock, onVerdict } from "./normal-case/validating.ts";
import { onTimeout, onWork } from "./pacemaker/pacemaker.ts";
import type { State } from "./state.ts";
import { discard, type StepContext } from "./step-context.ts";
import { onSigning } from "./suspend.ts";

/** Next state, and the effects that the driver must perform. */
export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/**
 * Advances a replica by one input. It is total and deterministic: equal arguments give equal
 * transitions. It throws only if an invariant of its own is broken, and then the replica must stop.
 */
export function step(config: Config, state: State, input: Input): Transition {
  const { now, elapsed = now } = input;
  const context: StepContext = { config, now, elapsed, state, effects: [] };
  if (state.stopped) discard(context, input.type, "stopped");
  else {
    watchOwnKey(context);
    handle(context, input);
    searchSuspects(context);
    noteStatements(context);
    reportQuiet(context, state);
  }
  return { state: context.state, effects: context.effects };
}

function handle(context: StepContext, input: Input): void {
  switch (input.type) {
    case "message":
      return onMessage(context, input.message, input.from);
    case "verdict":
      return onVerdict(context, input.digest, input.verdict);
    case "claim":
      return onClaim(context, input.digest, input.claim);
    case "proposed":
      return onProposed(context, input);
    case "block":
      return onBlock(context, input.digest, input.block);
    case "finalized":
      return onFinalized(context, input.finalized);
    case "committed":
      return onCommitted(context, input.head, input.hasWork);
    case "contradicted":
      return onContradicted(context, input.reason);
    case "signing":
      return onSigning(context, input.possible);
    case "work":
      return onWork(context, input.pending);
    case "timeout":
      return onTimeout(context, input.timer);
    case "evidence":
      return onRelayedEvidence(context, input.evidence, input.from);
    case "signed-head":
      return onSignedHead(context, input.validator, input.sequence);
    case "listener":
      return onListener(context, input.validator);
    case "ahead":
      return onAhead(context, input.sequence, input.peer);
    default:
      return assertNever(input);
  }
}
