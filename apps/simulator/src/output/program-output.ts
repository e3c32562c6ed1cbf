import { listenForStop, type StopSignal } from "@aethel/terminal";
import { type Progress, SILENT } from "./progress.ts";

/** Destination of a command's lines and of its exit code. */
export interface ProgramOutput {
  readonly write: (line: string) => void;
  readonly finish: (exitCode: number) => void;
}

/** Progress and signals of a long command. */
export interface Surroundings {
  readonly progress: Progress;
  /** Takes over signals such as Ctrl-C for the command. */
  readonly listenForStop: () => Pick<StopSignal, "signal" | typeof Symbol.dispose>;
}

/** Signals of this process, and no progress. */
export const ALONE: Surroundings = { progress: SILENT, listenForStop };
