import type { ConsensusMessage, FinalizedBlock } from "@aethel/models";
import type { SigningEntry, State, TimerName } from "@aethel/pbft";
import type { ModelState } from "../model/model-state.ts";

/** A small scope: one or two sequences of four nodes, one of them Byzantine. */
export interface SmallScope {
  /** Powers at each sequence; a second entry is an epoch boundary. */
  readonly powers: readonly (readonly number[])[];
  readonly byzantine: number;
  readonly views: number;
}

/** Real replicas, and the model of what they have said. */
export interface EngineState {
  readonly nodes: readonly (State | undefined)[];
  readonly soup: readonly ConsensusMessage[];
  readonly models: readonly ModelState[];
  /** Final blocks by sequence. */
  readonly final: readonly (FinalizedBlock | undefined)[];
  /** Highest sequence that each node has finalized. */
  readonly done: readonly number[];
  /** Running timers of each node, and the time each was set for. */
  readonly timers: readonly Timers[];
  /** Signing log of each node, of which nothing was ever dropped. */
  readonly logs: readonly (readonly SigningEntry[])[];
}

/** Milliseconds by name. */
export type Timers = ReadonlyMap<TimerName, number>;

/** Something that can happen to a replica next. */
export interface EngineAction {
  readonly node: number;
  readonly title: string;
  readonly inputs: readonly ConsensusMessage[] | "timeout";
}

/** Outcome of an action: a new state, or the property that it broke. */
export type Outcome =
  | { readonly type: "state"; readonly state: EngineState }
  | {
      readonly type: "defect";
      readonly checker: "agreement" | "conformance" | "replica";
      readonly reason: string;
    };
