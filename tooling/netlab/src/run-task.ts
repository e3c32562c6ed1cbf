import type { CaseFigures } from "./cases/case.ts";
import type { LabOptions } from "./lab/lab.ts";
import type { WireCheck } from "./meter/check-wires.ts";

/** Task of one run: cases on one network, in their order, or measurements of the wires. */
export type RunTask =
  | { readonly type: "wires"; readonly seed: number }
  | ({ readonly type: "cases"; readonly names: readonly string[] } & Omit<LabOptions, "say">);

/** Message of a run to the program that started it. */
export type RunMessage =
  | { readonly type: "says"; readonly line: string }
  | { readonly type: "wires"; readonly checks: readonly WireCheck[] }
  | {
      readonly type: "case";
      readonly name: string;
      readonly figures: CaseFigures;
      /** Longest time that a packet waited in the relay beyond its delay. */
      readonly relayLateMsMax: number;
      readonly relayDropped: number;
    }
  | { readonly type: "failed"; readonly reason: string }
  /** All has been performed. */
  | { readonly type: "done" };

/** Variable of the environment that holds the task. */
export const TASK = "NETLAB_TASK";
