import type { Logger } from "pino";
import { formatDuration } from "../terminal/format.ts";
import type { Finding } from "./finding.ts";

/** Periodic check of a node's findings. It logs each change. */
export interface Watch {
  /** Returns the current findings: reasons why the node finalizes no blocks. */
  readonly findings: () => readonly Finding[];
  readonly stop: () => void;
}

const LOOK_MS = 1_000;
/**
 * Milliseconds after which a finding that persists is logged again, so that the end of the log
 * shows it.
 */
const AGAIN_MS = 60_000;
/**
 * Milliseconds that a finding must last before it is logged. Shorter ones are normal, for example
 * while connections open.
 */
const SETTLED_MS = 3_000;

/**
 * Starts a watch over the findings of a node. It calls `look` every second. `now` reads a clock in
 * milliseconds that MUST never go back.
 */
export function createWatch(options: {
  readonly look: () => readonly Finding[];
  readonly log: Pick<Logger, "warn" | "info">;
  readonly now: () => number;
  /**
   * Called with all findings when one is logged for the first time, and when one that was logged
   * has ended.
   */
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
      log.info({ why: code }, `resolved after ${formatDuration(time - since)}: ${code}`);
    }
    if (changed) onChange(findings);
  }

  const timer = setInterval(step, LOOK_MS);
  timer.unref();
  return { findings: look, stop: () => clearInterval(timer) };
}
