import { listenForStop, type StopSignal } from "@aethel/terminal";
import { type Progress, SILENT } from "./progress.ts";

/** Where a command's lines go, and who is told its exit code. */
export interface ProgramOutput {
  readonly write: (line: string) => void;
  readonly finish: (exitCode: number) => void;
}

/** What a long command has beside its output. */
export interface Surroundings {
  readonly progress: Progress;
  /** From then on Ctrl-C is the command's to answer. */
  readonly listenForStop: () => Pick<StopSignal, "signal" | typeof Symbol.dispose>;
}

/** The signals of this process, and nobody who watches. */
export const ALONE: Surroundings = { progress: SILENT, listenForStop };
