import { closeSync, openSync, writeSync } from "node:fs";
import { errnoOf } from "@aethel/pbft/file";

/** Takes the lines of a log, and never throws. */
export interface LineSink {
  /** A whole line with its end. */
  write(line: string): void;
}

/** A file by its path, which is opened when it is needed; or a descriptor that is open. */
export type LogTarget =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "descriptor"; readonly descriptor: number };

const ENCODER = new TextEncoder();

/**
 * Appends lines to a target. What cannot be written is lost, and so is what a reader of a pipe does
 * not take: no log stops a node or makes it wait. The first loss is told to `complain`; the first
 * line that works again is preceded by one that says how many were lost.
 */
export function createLineSink(
  target: LogTarget,
  { complain }: { readonly complain: (errno: string) => void },
): LineSink {
  let opened: number | undefined;
  let lost = 0;
  /** The last line stands half in the file. */
  let isTorn = false;
  const put = (text: string): void => {
    opened ??= openTarget(target);
    const bytes = ENCODER.encode(isTorn ? `\n${text}` : text);
    let done = 0;
    try {
      while (done < bytes.length) {
        const written = writeSync(opened, bytes, done);
        if (written === 0) throw Object.assign(new Error("EIO: no byte written"), { code: "EIO" });
        done += written;
      }
      isTorn = false;
    } catch (error) {
      isTorn ||= done > 0;
      throw error;
    }
  };
  return {
    write(line) {
      try {
        if (lost > 0) put(lossLine(lost));
        lost = 0;
        put(line);
      } catch (error) {
        lost += 1;
        closeTarget(target, opened);
        opened = undefined;
        if (lost === 1) complain(errnoOf(error) ?? String(error));
      }
    },
  };
}

function openTarget(target: LogTarget): number {
  return target.type === "descriptor" ? target.descriptor : openSync(target.path, "a", 0o644);
}

/** A file is opened anew after an error: it may have been moved, or be on a disk that came back. */
function closeTarget(target: LogTarget, opened: number | undefined): void {
  if (target.type === "descriptor" || opened === undefined) return;
  try {
    closeSync(opened);
  } catch {
    // It is gone either way.
  }
}

/** In the form of the other lines; level 40 is a warning. */
function lossLine(lost: number): string {
  const msg = "lines of this log were lost: it could not be written";
  return `${JSON.stringify({ level: 40, time: Date.now(), lost, msg })}\n`;
}
