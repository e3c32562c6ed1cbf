import type { ValidatorIndex, View } from "@aethel/models";
import type { State } from "../state.ts";
import { leaderOf } from "./leader.ts";

/** The leader of a view of the sequence in hand. */
export function leaderAt(state: Pick<State, "head" | "sequence">, view: View): ValidatorIndex {
  return leaderOf(state.head.validators, state.sequence, view);
}
