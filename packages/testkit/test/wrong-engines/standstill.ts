import type { WrongEngine } from "./wrong-engine.ts";

/** Engines that send nothing wrong and stand still: lost messages stay lost, or no node goes on. */
export const STANDSTILL: readonly WrongEngine[] = [
  {
    name: "requests-not-sent-again",
    breaks: "a request for a view that was lost is not sent again",
    edits: [
      {
        find: 'if (phase === "changing" && sent.viewChange !== undefined) {',
        replace: 'if (phase === "changing" && sent.viewChange !== undefined && context.now < 0) {',
      },
    ],
    recovers: 0,
    seed: 79,
    by: ["progress"],
  },
  {
    name: "waits-for-ever",
    breaks: "no time runs in a view that was asked for",
    edits: [
      {
        find: "if (waits && !hasQuorumFrom(viewChanges, head.validators, view)) return;",
        replace: "if (waits) return;",
      },
    ],
    recovers: 0,
    seed: 22,
    by: ["progress"],
  },
  {
    name: "waits-for-one-view",
    breaks: "time runs only when a quorum asks for one and the same view",
    edits: [
      {
        find: "for (const [asked, of] of book.tally) if (asked >= view) power += of;",
        replace: "for (const [asked, of] of book.tally) if (asked === view) power += of;",
      },
    ],
    // 500 worlds do not show it on this engine; from the 114th state of the exploration it stands
    // still.
    recovers: 0,
    by: [],
  },
  {
    name: "power-leaves-with-one",
    breaks: "when one validator asks for more, the others no longer count in view 1",
    edits: [
      {
        find: "    if (rest > 0n) tally.set(earlier, rest);\n",
        replace: "    if (rest > 0n) tally.set(earlier, earlier === 1 ? 0n : rest);\n",
      },
    ],
    recovers: 3,
    powers: [3, 3, 2, 1],
    by: [],
  },
  {
    name: "locked-leaders-silent",
    breaks: "a leader that holds a lock sends no NewView",
    edits: [
      {
        find: "  armViewTimer(context);\n  tryNewView(context);",
        replace:
          "  armViewTimer(context);\n  if (state.prepared === undefined) tryNewView(context);",
      },
    ],
    recovers: 0,
    seed: 1,
    by: ["progress"],
  },
  {
    name: "commits-once",
    breaks: "COMMIT is signed in one view of a sequence only",
    edits: [
      {
        find: "  if (state.signed.commit !== undefined && state.signed.commit.view >= prepared.view) return;",
        replace: "  if (state.signed.commit !== undefined) return;",
      },
    ],
    recovers: 0,
    seed: 1,
    by: ["progress"],
  },
];
