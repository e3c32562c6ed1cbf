import type { ConsensusMessage } from "@aethel/models";
import { sequenceOf, viewOf } from "@aethel/pbft";

/** Sequence and view of a message. */
export interface Place {
  readonly sequence: number;
  readonly view: number;
}

/** Returns the sequence and view of a message. For a ViewChange it is the view that it asks for. */
export function placeOf(message: ConsensusMessage): Place {
  return { sequence: sequenceOf(message), view: viewOf(message) };
}
