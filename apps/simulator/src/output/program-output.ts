import { listenForStop, type StopSignal } from "@aethel/terminal";
import { type Progress, SILENT } from "./progress.ts";

/** Destination of a command's lines and of its exit code. */
export interface ProgramOutput {
  readonly write: (line: string) => void;
  readonly finish: (exitCode: number) => void;
}

/** Progress display and signals of a long command. */
export interface Surroundings {
  readonly progress: Progress;
  /** Listens for signals such as Ctrl-C, which then abort the command instead of the process. */
  readonly listenForStop: () => Pick<StopSignal, "signal" | typeof Symbol.dispose>;
}

/** Surroundings with the signals of this process, and without a progress display. */
export const ALONE: Surroundings = { progress: SILENT, listenForStop };
