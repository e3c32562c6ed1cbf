/** Progress of a long command on a terminal or in a log. */
export interface Progress {
  /**
   * Shows a line. It may be called often: if the last line was shown shortly before, `line` is not
   * called.
   */
  readonly show: (line: () => string) => void;
  /** Removes the progress line. MUST be called before anything else is written to the terminal. */
  readonly hide: () => void;
}

/** Progress display that shows nothing. */
export const SILENT: Progress = { show: () => undefined, hide: () => undefined };

const REPAINT_MS = 200;
const LINE_MS = 60_000;
const ERASE_LINE = "\r\u001b[2K";

/**
 * Creates a progress line. It is repainted on a terminal. Elsewhere, such as in a log, a line is
 * written each minute.
 */
export function createProgress(
  stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">,
  now: () => number = () => performance.now(),
): Progress {
  const paints = stream.isTTY && process.env["TERM"] !== "dumb";
  const everyMs = paints ? REPAINT_MS : LINE_MS;
  let shownAt = now();
  let isPainted = false;
  return {
    show(line) {
      if (now() - shownAt < everyMs) return;
      shownAt = now();
      isPainted = paints;
      // The last column stays free: some terminals wrap when it is written to.
      const text = paints
        ? ERASE_LINE + line().slice(0, (stream.columns || 80) - 1)
        : `${line()}\n`;
      stream.write(text);
    },
    hide() {
      if (isPainted) stream.write(ERASE_LINE);
      isPainted = false;
    },
  };
}
