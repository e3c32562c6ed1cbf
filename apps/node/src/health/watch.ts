import type { Logger } from "pino";
import { formatDuration } from "../terminal/format.ts";
import type { Finding } from "./why.ts";

/** Looks at a node's findings again and again, and tells the log of each change. */
export interface Watch {
  /** The findings as they are now. */
  readonly findings: () => readonly Finding[];
  readonly stop: () => void;
}

const LOOK_MS = 1_000;
/** Interval at which a lasting finding is said again: the end of a log is enough to know. */
const AGAIN_MS = 60_000;
/** A finding that comes and goes within this time is not told: connections open one by one. */
const SETTLED_MS = 3_000;

/** `look` is asked each second; `now` must never go back. */
export function createWatch(options: {
  readonly look: () => readonly Finding[];
  readonly log: Pick<Logger, "warn" | "info">;
  readonly now: () => number;
  /** Called with all findings whenever what was told has changed. */
  readonly onChange: (findings: readonly Finding[]) => void;
}): Watch {
  const { look, log, now, onChange } = options;
  const seen = new Map<string, { readonly since: number; toldAt: number | undefined }>();

  function step(): void {
    const findings = look();
    const time = now();
    let changed = false;
    for (const { code, message, next } of findings) {
      const known = seen.get(code) ?? { since: time, toldAt: undefined };
      seen.set(code, known);
      if (time - known.since < SETTLED_MS) continue;
      if (known.toldAt !== undefined && time - known.toldAt < AGAIN_MS) continue;
      changed ||= known.toldAt === undefined;
      known.toldAt = time;
      log.warn({ why: code }, `${message}. Next: ${next}`);
    }
    for (const [code, { since, toldAt }] of seen) {
      if (findings.some((finding) => finding.code === code)) continue;
      seen.delete(code);
      if (toldAt === undefined) continue;
      changed = true;
      log.info({ why: code }, `over after ${formatDuration(time - since)}: ${code}`);
    }
    if (changed) onChange(findings);
  }

  const timer = setInterval(step, LOOK_MS);
  timer.unref();
  return { findings: look, stop: () => clearInterval(timer) };
}
