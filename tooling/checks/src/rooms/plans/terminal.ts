import type { RoomPlan } from "../plan.ts";

/** Rooms of `apps/terminal`: files that do not import one another. */
export const TERMINAL: RoomPlan = {
  colours: { holds: "colours of a stream", imports: "" },
  complaint: { holds: "complaints about arguments on one line", imports: "" },
  numbers: { holds: "numbers for people", imports: "" },
  "option-values": { holds: "numbers out of arguments", imports: "" },
  process: { holds: "the first and last lines of a main", imports: "" },
  "stop-signal": { holds: "signals as an abort", imports: "" },
};
