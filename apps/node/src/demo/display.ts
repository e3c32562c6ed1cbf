import { createLogUpdate } from "log-update";

/**
 * Output of the demonstration: lines that stay, and below them live lines that are drawn again and
 * again.
 */
export interface Display {
  readonly width: number;
  line(text: string): void;
  /** Replaces the live lines at the bottom. A plain display ignores it. */
  live(lines: () => readonly string[]): void;
  /** Removes the live lines. */
  end(): void;
}

/** Least time between two drawings of the live lines, in milliseconds. */
const REDRAW_MS = 100;

/** Creates a display without live lines, for files, pipes and CI. */
export function createPlainDisplay(stream: NodeJS.WriteStream): Display {
  return {
    width: 100,
    line: (text) => void stream.write(`${text}\n`),
    live: () => undefined,
    end: () => undefined,
  };
}

/** Creates a display for a terminal. */
export function createLiveDisplay(stream: NodeJS.WriteStream): Display {
  const screen = createLogUpdate(stream);
  let lines: (() => readonly string[]) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const redraw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== undefined) screen(lines().join("\n"));
  };
  return {
    get width() {
      return Math.max(40, stream.columns);
    },
    line: (text) => {
      screen.persist(text);
      // Otherwise the live lines were gone until the next event.
      redraw();
    },
    live: (next) => {
      lines = next;
      timer ??= setTimeout(redraw, REDRAW_MS);
    },
    end: () => {
      clearTimeout(timer);
      lines = undefined;
      screen.clear();
      screen.done();
    },
  };
}
