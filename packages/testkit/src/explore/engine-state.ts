import type { ConsensusMessage, FinalizedBlock } from "@aethel/models";
import type { SigningEntry, State, TimerName } from "@aethel/pbft";
import type { ModelState } from "../model/model-state.ts";

/**
 * A small scope of exploration: four nodes, one of them Byzantine, one or two sequences, and
 * `views` views of each.
 */
export interface SmallScope {
  /**
   * Powers of the validators at each sequence. A second entry means an epoch boundary in between.
   */
  readonly powers: readonly (readonly number[])[];
  readonly byzantine: number;
  readonly views: number;
}

/**
 * States of the explored replicas, and everything that they have sent. `nodes` is undefined at the
 * index of the Byzantine node. `soup` has all messages of honest nodes; `models` has the same
 * messages in the form of the abstract model, for each sequence.
 */
export interface EngineState {
  readonly nodes: readonly (State | undefined)[];
  readonly soup: readonly ConsensusMessage[];
  readonly models: readonly ModelState[];
  /** Final block of each sequence, from sequence 1 on. Undefined if there is none yet. */
  readonly final: readonly (FinalizedBlock | undefined)[];
  /** Highest sequence that each node has finalized; 0 if none. */
  readonly done: readonly number[];
  /** Running timers of each node, with their delays. */
  readonly timers: readonly Timers[];
  /** Entries of each node's signing log. Nothing is ever dropped from it here. */
  readonly logs: readonly (readonly SigningEntry[])[];
}

/** Delay in milliseconds of each running timer, by its name. */
export type Timers = ReadonlyMap<TimerName, number>;

/** Something that can happen to a replica next. */
export interface EngineAction {
  readonly node: number;
  readonly title: string;
  readonly inputs: readonly ConsensusMessage[] | "timeout";
}

/** Outcome of an action: the next state, or the property that the action broke. */
export type Outcome =
  | { readonly type: "state"; readonly state: EngineState }
  | {
      readonly type: "defect";
      readonly checker: "agreement" | "conformance" | "replica";
      readonly reason: string;
    };
