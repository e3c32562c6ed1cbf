import type { DelayRule } from "./delay-line.ts";

/** Question to the relay. Each is one line of JSON on its standard input, and has one answer. */
export type RelayQuestion =
  | { readonly type: "rules"; readonly rules: readonly DelayRule[] }
  | { readonly type: "figures" };

/** Figures of the relay since its start. */
export interface RelayFigures {
  readonly packets: number;
  readonly bytes: number;
  readonly dropped: number;
  /** Longest time that a packet waited beyond its delay, since the last question for figures. */
  readonly lateMsMax: number;
}

/** Answer of the relay, one line of JSON on its standard output. The first comes at its start. */
export type RelayAnswer =
  | { readonly type: "ready" }
  | ({ readonly type: "figures" } & RelayFigures);
