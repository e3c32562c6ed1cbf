import type { JudgeDiagnostic, Judged, Rejected } from "../judgement.ts";
import { DIAGNOSTICS_MAX, MESSAGE_LENGTH_MAX } from "../limits.ts";

/** A judgement without its time. */
export type TimelessJudgement = Omit<Judged, "milliseconds"> | Omit<Rejected, "milliseconds">;

/** The judgement of a payload that is not well formed; long lists and messages are cut. */
export function rejected(diagnostics: readonly JudgeDiagnostic[]): Omit<Rejected, "milliseconds"> {
  const shown = diagnostics.slice(0, DIAGNOSTICS_MAX).map(({ code, message, span }) => ({
    code,
    message: message.slice(0, MESSAGE_LENGTH_MAX),
    ...(span === undefined ? {} : { span }),
  }));
  return { type: "rejected", diagnostics: shown };
}

/** Z3's message on one line, bounded. */
export function tidy(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  const inner = /^\(error "line \d+ column \d+: (.*)"\)/.exec(line)?.[1] ?? line;
  return inner.slice(0, MESSAGE_LENGTH_MAX);
}
