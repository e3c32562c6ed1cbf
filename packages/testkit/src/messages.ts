import type { ConsensusMessage } from "@aethel/models";

/** Sequence and view of a message. */
export interface Place {
  readonly sequence: number;
  readonly view: number;
}

/** Returns the sequence and view of a message. For a ViewChange it is the view that it asks for. */
export function placeOf(message: ConsensusMessage): Place {
  switch (message.type) {
    case "prepare":
    case "commit":
      return message;
    case "pre-prepare":
    case "new-view":
      return message.proposal;
    case "view-change":
      return { sequence: message.body.sequence, view: message.body.newView };
  }
}

/** Returns the index of the validator that signed a message. */
export function signerOf(message: ConsensusMessage): number {
  switch (message.type) {
    case "prepare":
    case "commit":
    case "view-change":
      return message.voter;
    case "pre-prepare":
    case "new-view":
      return message.proposal.leader;
  }
}
