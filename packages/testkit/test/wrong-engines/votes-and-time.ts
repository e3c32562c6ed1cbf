import { ALL_CRASH, NO_QUORUM } from "./common.ts";
import type { WrongEngine } from "./wrong-engine.ts";

/** Engines that are wrong about counting, validation, catching up, sets, evidence or clocks. */
export const VOTES_AND_TIME: readonly WrongEngine[] = [
  {
    name: "votes-across-views",
    breaks: "votes for one block are counted together whatever their view",
    edits: [
      {
        find: "return ballot.view === wanted.view && equalBytes(ballot.digest, wanted.digest);",
        replace: "return equalBytes(ballot.digest, wanted.digest);",
      },
    ],
    explored: 0,
    seed: 1,
    by: ["certificates", "progress", "replica"],
  },
  {
    name: "duplicates-counted",
    breaks: "the same vote counts each time that it comes",
    edits: [
      {
        find: "  return votesOf(book, vote.voter).some((held) => isFor(held, vote));",
        replace: "  return false;",
      },
      {
        find: '    return same ? { type: "duplicate" } : { type: "conflict", earlier };',
        replace: '    if (!same) return { type: "conflict", earlier };',
      },
      NO_QUORUM,
    ],
    seed: 2,
    by: ["certificates", "agreement"],
  },
  {
    name: "join-rule-missing",
    breaks: "nobody follows others to a later view",
    edits: [
      {
        find: "if (joinable !== undefined && joinable > state.view) {",
        replace: "if (joinable !== undefined && joinable > state.view && context.now < 0) {",
      },
    ],
    world: { outage: true },
    seed: 47,
    by: ["progress"],
  },
  {
    name: "commits-in-a-left-view",
    breaks: "COMMIT is signed in a view below the one asked for",
    edits: [{ find: "  if (prepared.view !== state.view) return;\n", replace: "" }],
    explored: 0,
    seed: 1,
    by: ["double-signing"],
  },
  {
    name: "finalizes-on-prepare",
    breaks: "a PREPARE certificate makes a block final",
    edits: [
      {
        find: "  patch(context, { prepared: certificate, preparedAt: context.elapsed });",
        replace:
          '  patch(context, { prepared: certificate, preparedAt: context.elapsed, committed: { ...certificate, phase: "commit" } });',
      },
    ],
    explored: 0,
    seed: 1,
    by: ["certificates"],
  },
  {
    name: "commit-without-verdict",
    breaks: "COMMIT is signed for blocks that were not judged",
    edits: [
      {
        find: '  if (known?.verdict !== "accepted") return;\n  const { view, digest } = prepared;',
        replace: "  if (known === undefined) return;\n  const { view, digest } = prepared;",
      },
    ],
    seed: 6,
    by: ["judging"],
  },
  {
    name: "prepare-without-verdict",
    breaks: "PREPARE is signed for blocks that were not judged",
    edits: [
      {
        find: '  if (known?.verdict !== "accepted") return;\n  const { sequence } = state;',
        replace: "  if (known === undefined) return;\n  const { sequence } = state;",
      },
    ],
    seed: 1,
    by: ["judging"],
  },
  {
    name: "prepare-before-block",
    breaks: "PREPARE is signed while its block is in memory only",
    edits: [
      {
        find: '    ...missingBlock(known),\n    { type: "vote", phase: "prepare", ...vote },',
        replace: '    { type: "vote", phase: "prepare", ...vote },',
      },
      {
        find: '  markDurable(context, digest);\n  context.effects.push({\n    type: "sign-and-send",\n    statement: { type: "prepare",',
        replace:
          '  context.effects.push({\n    type: "sign-and-send",\n    statement: { type: "prepare",',
      },
    ],
    world: {
      strategies: ["stingy", "double-voter"],
      ambush: { rate: 1, holdMs: 3_000, plan: "hidden-votes" },
    },
    instead: ALL_CRASH,
    seed: 57,
    by: ["progress"],
  },
  {
    name: "history-not-checked",
    breaks: "blocks of peers are applied without looking at their certificates",
    edits: [
      {
        find: "if (!follows || findFinalizedDefect(finalized, context) !== undefined) {",
        replace: "if (!follows) {",
      },
      {
        find: "return findCertificateDefect({ ...this.#verification(), set, certificate }) !== undefined;",
        replace: "return set.validators.length === 0;",
      },
    ],
    world: { strategies: ["forged-history"] },
    seed: 8,
    by: ["agreement", "certificates", "leadership"],
  },
  {
    name: "set-of-the-last-epoch",
    breaks: "messages are checked against the set that voted on the block before",
    edits: [
      {
        find: "const set = at < state.sequence ? previousValidators : validators;",
        replace: "const set = at <= state.sequence ? previousValidators : validators;",
      },
    ],
    seed: 9,
    by: ["progress", "certificates", "replica"],
  },
  {
    name: "power-of-the-last-epoch",
    breaks: "votes are counted with the powers of the epoch before",
    edits: [
      {
        find: "  const { state } = context;\n  const set = state.head.validators;\n  const outcome = addVote(state.commits, set, message, state.view);",
        replace:
          "  const { state } = context;\n  const set = state.head.previousValidators;\n  const outcome = addVote(state.commits, set, message, state.view);",
      },
      NO_QUORUM,
    ],
    seed: 9,
    by: ["certificates", "progress", "replica"],
  },
  {
    name: "timeouts-uncapped",
    breaks: "time-outs grow without end",
    edits: [
      {
        find: "for (let at = 0; at < view && timeout < cap; at++) {\n    timeout = Math.min(cap, timeout + Math.ceil(timeout / 2));",
        replace:
          "for (let at = 0; at < view; at++) {\n    timeout = timeout + Math.ceil(timeout / 2);",
      },
    ],
    world: { outage: true },
    seed: 3,
    by: ["progress"],
  },
  {
    name: "clock-not-checked",
    breaks: "a proposal may be dated as its leader likes",
    edits: [
      {
        find: "  const isFarAhead = difference > precisionInView(config, accepted.proposal.view);",
        replace: "  const isFarAhead = false;",
      },
    ],
    world: { strategies: ["time-traveller"] },
    seed: 10,
    by: ["dating", "progress"],
  },
  {
    name: "nothing-sent-again",
    breaks: "what was lost stays lost",
    edits: [
      {
        find: 'case "resend":\n      return onResend(context);',
        replace: 'case "resend":\n      return;',
      },
    ],
    recovers: 0,
    seed: 13,
    by: ["progress"],
  },
  {
    name: "request-not-durable",
    breaks: "a request for a view leaves without being written",
    edits: [
      {
        find: 'entries: [{ type: "view-change", body, prepareCertificate: prepared }],',
        replace: "entries: [],",
      },
    ],
    seed: 28,
    by: ["double-signing", "progress"],
  },
  {
    name: "accuses-the-honest",
    breaks: "owning up to a later lock counts as hiding the earlier one",
    edits: [
      { find: "    (prepared.view > commit.view ||\n", replace: "    (prepared.view < 0 ||\n" },
    ],
    seed: 43,
    by: ["accusation"],
  },
  {
    name: "lock-forgotten-for-an-older",
    breaks: "an older certificate takes the place of a later one",
    edits: [
      {
        find: "if (state.prepared !== undefined && state.prepared.view >= certificate.view) return;",
        replace:
          "if (state.prepared !== undefined && state.prepared.view === certificate.view) return;",
      },
    ],
    explored: 0,
    seed: 71,
    by: ["double-signing", "agreement", "replica"],
  },
  {
    name: "proposer-not-checked",
    breaks: "a leader may propose a block in another's name",
    edits: [
      {
        find: "if (leader === undefined || !equalBytes(leader.id, proposer)) return refuseStrange(context);",
        replace:
          "if (leader === undefined || proposer === undefined) return refuseStrange(context);",
      },
    ],
    world: { strategies: ["impostor"] },
    seed: 2,
    by: ["leadership"],
  },
];
