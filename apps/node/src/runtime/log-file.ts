import { closeSync, openSync, writeSync } from "node:fs";
import { errnoOf } from "@aethel/pbft/file";

/** Destination of the lines of a log. Its methods never throw. */
export interface LineSink {
  /** Writes a whole line with its line break. */
  write(line: string): void;
}

/**
 * Target of a log: the path of a file, which is opened at the first write, or an open file
 * descriptor.
 */
export type LogTarget =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "descriptor"; readonly descriptor: number };

const ENCODER = new TextEncoder();

/**
 * Creates a sink that appends lines to a target. It never stops a node or makes it wait: a line is
 * dropped if it cannot be written, or if the reader of a pipe is too slow. Calls `complain` for the
 * first lost line. When writing works again, first writes a line with the number of lost lines.
 */
export function createLineSink(
  target: LogTarget,
  { complain }: { readonly complain: (errno: string) => void },
): LineSink {
  let opened: number | undefined;
  let lost = 0;
  /** Whether only a part of the last line was written. */
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

/**
 * Closes a file after an error, so that the next write opens it again. That helps if the file was
 * moved or its disk has come back. A given file descriptor stays open.
 */
function closeTarget(target: LogTarget, opened: number | undefined): void {
  if (target.type === "descriptor" || opened === undefined) return;
  try {
    closeSync(opened);
  } catch {
    // The descriptor is of no use either way.
  }
}

/**
 * Formats the line about log lines that were lost, in the same format as the others; level 40 is a
 * warning.
 */
function lossLine(lost: number): string {
  const msg = "lines of this log were lost: it could not be written";
  return `${JSON.stringify({ level: 40, time: Date.now(), lost, msg })}\n`;
}
