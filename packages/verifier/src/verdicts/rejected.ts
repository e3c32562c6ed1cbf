import type { JudgeDiagnostic, Judged, Rejected } from "../judgement.ts";
import { DIAGNOSTICS_MAX, MESSAGE_LENGTH_MAX } from "../limits.ts";

/** Judgement without the time that it took. */
export type TimelessJudgement = Omit<Judged, "milliseconds"> | Omit<Rejected, "milliseconds">;

/** Returns the judgement of a payload that is not well formed. Long lists and messages are cut. */
export function rejected(diagnostics: readonly JudgeDiagnostic[]): Omit<Rejected, "milliseconds"> {
  const shown = diagnostics.slice(0, DIAGNOSTICS_MAX).map(({ code, message, span }) => ({
    code,
    message: message.slice(0, MESSAGE_LENGTH_MAX),
    ...(span === undefined ? {} : { span }),
  }));
  return { type: "rejected", diagnostics: shown };
}

/**
 * Puts a message of Z3 on one line, removes its `(error ...)` frame, and cuts it if it is too long.
 */
export function tidy(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  const inner = /^\(error "line \d+ column \d+: (.*)"\)/.exec(line)?.[1] ?? line;
  return inner.slice(0, MESSAGE_LENGTH_MAX);
}
