import { createLogUpdate } from "log-update";
import { formatMs } from "../terminal/format.ts";
import { cutName } from "./names.ts";

/** Progress of a run over files, as a line at the bottom of a terminal. */
export interface Progress {
  readonly begin: (name: string) => void;
  readonly end: (name: string) => void;
  /**
   * Removes the progress line until it is drawn again. MUST be called before anything else is
   * written.
   */
  readonly hide: () => void;
  /** Removes the progress line permanently, and shows the cursor again. */
  readonly close: () => void;
}

/** Milliseconds of a run before the progress line is shown. Shorter runs never show it. */
const SILENT_MS = 400;
const REDRAW_MS = 120;
const BAR_MAX = 24;

/** Creates the progress line. If the stream is not a terminal, all its functions do nothing. */
export function createProgress(total: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY || process.env["TERM"] === "dumb") return SILENT;
  const screen = createLogUpdate(stream);
  const running = new Set<string>();
  const begun = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const elapsed = performance.now() - begun;
    if (elapsed < SILENT_MS || done === total) return;
    screen(progressLine({ done, total, running: [...running], elapsed, width: stream.columns }));
  }, REDRAW_MS);
  timer.unref();
  return {
    begin: (name) => void running.add(name),
    end: (name) => {
      running.delete(name);
      done++;
    },
    hide: () => screen.clear(),
    close: () => {
      clearInterval(timer);
      screen.clear();
      screen.done();
    },
  };
}

const SILENT: Progress = {
  begin: () => undefined,
  end: () => undefined,
  hide: () => undefined,
  close: () => undefined,
};

/**
 * Formats the progress line, `██████░░░░░░  12/40  3.2 s  payroll.ae`, in at most `width` columns.
 */
export function progressLine(state: {
  readonly done: number;
  readonly total: number;
  readonly running: readonly string[];
  readonly elapsed: number;
  readonly width: number;
}): string {
  const { done, total, running, elapsed, width } = state;
  const bar = Math.max(6, Math.min(BAR_MAX, Math.floor(width / 4)));
  const full = total === 0 ? bar : Math.floor((bar * done) / total);
  const numbers = `${String(done).padStart(String(total).length)}/${total}  ${formatMs(elapsed)}`;
  const head = `${"█".repeat(full)}${"░".repeat(bar - full)}  ${numbers}`;
  const room = width - head.length - 3;
  const [first = ""] = running;
  return room < 8 || first === "" ? head : `${head}  ${cutName(first, room)}`;
}
