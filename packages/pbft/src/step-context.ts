import type { Config } from "./config.ts";
import type { DiscardReason, Effect, EngineEvent } from "./effect.ts";
import type { Input } from "./input.ts";
import type { State } from "./state.ts";

/**
 * Changes that one step makes to the state, and the effects that it collects. Handlers replace
 * `state` and append to `effects`. Nothing outside the step sees this object, so `step` is a pure
 * function.
 */
export interface StepContext {
  readonly config: Config;
  /**
   * Time of day by this replica's clock, which may be wrong and jump. It is not used for measuring.
   */
  readonly now: number;
  /** Milliseconds from an arbitrary beginning, which never go back. */
  readonly elapsed: number;
  state: State;
  readonly effects: Effect[];
}

/** Replaces some fields of the state. */
export function patch(context: StepContext, changes: Partial<State>): void {
  context.state = { ...context.state, ...changes };
}

/** Adds the effect that reports why an input is ignored. */
export function discard(
  context: StepContext,
  input: Extract<Effect, { type: "discard" }>["input"] | Input["type"],
  reason: DiscardReason,
): void {
  context.effects.push({ type: "discard", input, reason });
}

/** Adds an event for logs and metrics. */
export function report(context: StepContext, event: EngineEvent): void {
  context.effects.push({ type: "report", event });
}
