import type { WrongEngine } from "./wrong-engine.ts";

/** Engines that take time from everybody and break nothing else. */
export const THROUGHPUT: readonly WrongEngine[] = [
  {
    name: "no-proposal-deadline",
    breaks: "a leader has the time-out of the view to propose in",
    edits: [
      {
        find: "  if (!late.isBroad) return undefined;",
        replace: "  if (late.ms >= 0) return undefined;",
      },
    ],
    costs: { timing: { sends: [{ what: "proposal", lateMs: 1_200 }] } },
    by: ["throughput"],
  },
  {
    name: "dated-as-far-ahead-as-behind",
    breaks: "a timestamp may be as far ahead of a voter's clock as behind it",
    edits: [
      {
        find: "  const early = difference - config.clockPrecisionMs;",
        replace: "  const early = difference - config.maxDriftMs;",
      },
      {
        find: "  const isFarAhead = difference > precisionInView(config, accepted.proposal.view);",
        replace: "  const isFarAhead = early > 0;",
      },
    ],
    costs: { timing: { dateMs: 1_900 } },
    by: ["throughput"],
  },
  {
    name: "nobody-passed-over",
    breaks: "leaders that are down get all of their turns",
    edits: [
      {
        find: "passedOver(next.set, standings)",
        replace: "new Set(passedOver(next.set, standings).size < 0 ? [0] : [])",
      },
    ],
    costs: "crashed",
    by: ["throughput"],
  },
];
