import type { RandomWorldOptions } from "@aethel/testkit";
import type { Edit } from "./patch.ts";

/** The production engine with a rule broken. */
export interface WrongEngine {
  readonly name: string;
  /** Which rule. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
  /** What else its worlds are like. */
  readonly world?: Omit<RandomWorldOptions, "seed">;
  /** Place of the Byzantine node in whose exploration, views 0 to 2, it is found as well. */
  readonly explored?: number;
  /** Seed of a world of `drawWorld` that shows it. */
  readonly seed: number;
  /** The checkers that may find it. */
  readonly by: readonly string[];
}

/** Somebody alone knows that a block is final, and Byzantine leaders follow. */
const HIDDEN_COMMIT = { rate: 1, holdMs: 6_000, plan: "hidden-commit" } as const;

const NO_QUORUM: Edit = {
  find: "return findCertificateDefect({ ...expected, certificate });",
  replace:
    'const d = findCertificateDefect({ ...expected, certificate }); return d === "no-quorum" ? undefined : d;',
};

/** Each must be found by a checker in a random world. Texts are of `packages/pbft/src`. */
export const WRONG_ENGINES: readonly WrongEngine[] = [
  {
    name: "quorum-of-half",
    breaks: "a quorum is half of the power, in votes, requests and certificates",
    edits: [
      NO_QUORUM,
      {
        find: "  patch(draft, { prepares: outcome.book, sent });\n  if (!isQuorum(outcome.power, set)) return;",
        replace:
          "  patch(draft, { prepares: outcome.book, sent });\n  if (outcome.power * 2n < set.totalPower) return;",
      },
      {
        find: "if (!isQuorum(outcome.power, set) || state.committed !== undefined) return;",
        replace:
          "if (outcome.power * 2n < set.totalPower || state.committed !== undefined) return;",
      },
      {
        find: 'if (!isQuorum(power, set)) return "bad-justification";',
        replace: 'if (power * 2n < set.totalPower) return "bad-justification";',
      },
      {
        find: "if (!isQuorum(book.tally.get(view) ?? 0n, set)) return undefined;",
        replace: "if ((book.tally.get(view) ?? 0n) * 2n < set.totalPower) return undefined;",
      },
    ],
    explored: 0,
    seed: 1,
    by: ["certificates", "agreement"],
  },
  {
    name: "lock-hidden",
    breaks: "a request for a view says that nothing was prepared",
    edits: [
      {
        find: "const { head, sequence, prepared } = state;",
        replace:
          "const { head, sequence } = state; const prepared = undefined as typeof state.prepared;",
      },
    ],
    explored: 0,
    seed: 1,
    by: ["double-signing", "agreement"],
  },
  {
    name: "certificate-not-carried",
    breaks: "a request names what was prepared, without its certificate",
    edits: [
      {
        find: "      parentCertificate: head.certificate,\n      prepareCertificate: prepared,\n",
        replace:
          "      parentCertificate: head.certificate,\n      prepareCertificate: undefined,\n",
      },
    ],
    seed: 1,
    by: ["progress"],
  },
  {
    name: "signs-before-persisting",
    breaks: "a vote leaves while the disk still writes it",
    edits: [
      {
        find: "await log.append(record);",
        replace: "void log.append(record);",
      },
    ],
    seed: 52,
    by: ["double-signing"],
  },
  {
    name: "nothing-persisted",
    breaks: "the signing log is never written",
    edits: [{ find: "await log.append(record);", replace: "" }],
    seed: 1,
    by: ["double-signing"],
  },
  {
    name: "signing-state-not-read",
    breaks: "a replica starts as if it had never signed",
    edits: [
      {
        find: "return decodeSigningLog(loaded);",
        replace: "return [];",
      },
    ],
    seed: 1,
    by: ["double-signing"],
  },
  {
    name: "locks-not-restored",
    breaks: "a replica forgets at restart what it had prepared",
    edits: [
      { find: "      return lock(draft, entry.certificate);", replace: "      return;" },
      { find: "      return lock(draft, entry.prepareCertificate);", replace: "      return;" },
    ],
    seed: 271,
    by: ["double-signing"],
  },
  {
    name: "lowest-view-chosen",
    breaks: "leader and receivers take the lowest prepared view",
    edits: [
      {
        find: "if (highest === undefined || certificate.view > highest.view) highest = certificate;",
        replace:
          "if (highest === undefined || certificate.view < highest.view) highest = certificate;",
      },
      {
        find: "named.reduce((max, { view }) => Math.max(max, view), 0)",
        replace: "named.reduce((max, { view }) => Math.min(max, view), Number.MAX_SAFE_INTEGER)",
      },
    ],
    world: { ambush: { rate: 1, holdMs: 6_000, plan: "two-locks" } },
    explored: 0,
    seed: 9,
    by: ["agreement", "double-signing"],
  },
  {
    name: "new-leader-ignores-locks",
    breaks: "a new leader proposes afresh whatever was prepared, and receivers let it",
    edits: [
      {
        find: "  if (highest !== undefined) return sendNewView(draft, { quorum, me, digest: highest.digest });\n  if (again",
        replace: "  if (again",
      },
      {
        find: "  const highest = highestPrepared(quorum);\n  if (highest !== undefined) return sendNewView(draft, { quorum, me, digest: highest.digest });\n  const digest = digestOf",
        replace: "  const digest = digestOf",
      },
      {
        find: "      prepareCertificate: highestPrepared(quorum),",
        replace: "      prepareCertificate: undefined,",
      },
      {
        find: 'return isDictated(named, message, prepareCertificate) ? undefined : "bad-justification";',
        replace: "return undefined;",
      },
    ],
    explored: 0,
    seed: 58,
    by: ["agreement", "double-signing"],
  },
  {
    name: "justification-not-checked",
    breaks: "receivers believe a NewView whatever its requests name",
    edits: [
      {
        find: 'return isDictated(named, message, prepareCertificate) ? undefined : "bad-justification";',
        replace: "return undefined;",
      },
    ],
    world: { strategies: ["forged-justification"], ambush: HIDDEN_COMMIT },
    explored: 0,
    seed: 317,
    by: ["agreement", "double-signing"],
  },
  {
    name: "requests-not-counted",
    breaks: "receivers believe a NewView with fewer requests than a quorum",
    edits: [{ find: 'if (!isQuorum(power, set)) return "bad-justification";', replace: "" }],
    world: { strategies: ["forged-justification"], ambush: HIDDEN_COMMIT },
    explored: 0,
    seed: 22,
    by: ["agreement", "double-signing"],
  },
  {
    name: "leader-not-checked",
    breaks: "anyone may send a NewView",
    edits: [
      {
        find: 'if (proposal.leader !== leaderOf(set, state.sequence, view)) return "not-the-leader";',
        replace: "",
      },
    ],
    world: { strategies: ["usurper"] },
    explored: 3,
    seed: 5,
    by: ["leadership"],
  },
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
        find: "  return known?.view === vote.view && equalBytes(known.digest, vote.digest);",
        replace: "  return false;",
      },
      {
        find: 'return same ? { type: "duplicate" } : { type: "conflict", earlier };',
        replace: 'if (!same) return { type: "conflict", earlier };',
      },
      {
        find: "const rest = earlier === undefined ? book.tally : withPower(book.tally, earlier, -own);",
        replace:
          "const rest = earlier === undefined || earlier.view === vote.view ? book.tally : withPower(book.tally, earlier, -own);",
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
        replace: "if (joinable !== undefined && joinable > state.view && draft.now < 0) {",
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
    seed: 3,
    by: ["double-signing"],
  },
  {
    name: "finalizes-on-prepare",
    breaks: "a PREPARE certificate makes a block final",
    edits: [
      {
        find: "  patch(draft, { prepared: certificate, preparedAt: draft.now });",
        replace:
          '  patch(draft, { prepared: certificate, preparedAt: draft.now, committed: { ...certificate, phase: "commit" } });',
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
    seed: 2,
    by: ["judging"],
  },
  {
    name: "prepare-without-verdict",
    breaks: "PREPARE is signed for blocks that were not judged",
    edits: [
      { find: '  if (knownBlock(state, digest)?.verdict !== "accepted") return;\n', replace: "" },
    ],
    seed: 1,
    by: ["judging"],
  },
  {
    name: "history-not-checked",
    breaks: "blocks of peers are applied without looking at their certificates",
    edits: [
      {
        find: "if (!follows || findFinalizedDefect(next, context) !== undefined) {",
        replace: "if (!follows) {",
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
        find: "  const { state } = draft;\n  const set = state.head.validators;\n  const outcome = addVote(state.commits, set, message);",
        replace:
          "  const { state } = draft;\n  const set = state.head.previousValidators;\n  const outcome = addVote(state.commits, set, message);",
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
        find: "const votable = Math.abs(timestamp - now) <= config.maxDriftMs;",
        replace: "const votable = Math.abs(timestamp - now) >= 0;",
      },
    ],
    world: { strategies: ["time-traveller"] },
    seed: 2,
    by: ["progress"],
  },
  {
    name: "nothing-sent-again",
    breaks: "what was lost stays lost",
    edits: [
      {
        find: 'case "resend":\n      return onResend(draft);',
        replace: 'case "resend":\n      return;',
      },
    ],
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
    by: ["double-signing"],
  },
  {
    name: "accuses-the-honest",
    breaks: "owning up to a later lock counts as hiding the earlier one",
    edits: [
      { find: "    (prepared.view > commit.view ||\n", replace: "    (prepared.view < 0 ||\n" },
    ],
    seed: 160,
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
    seed: 43,
    by: ["double-signing", "agreement", "replica"],
  },
  {
    name: "listens-not",
    breaks: "a replica without its signing state signs at once",
    edits: [{ find: 'if (entry.type === "listen") since = entry.since;', replace: "" }],
    seed: 113,
    by: ["double-signing"],
  },
  {
    name: "proposer-not-checked",
    breaks: "a leader may propose a block in another's name",
    edits: [
      {
        find: "if (leader === undefined || !equalBytes(leader.id, proposer)) return refuseProposal(draft);",
        replace:
          "if (leader === undefined || proposer === undefined) return refuseProposal(draft);",
      },
    ],
    world: { strategies: ["impostor"] },
    seed: 2,
    by: ["leadership"],
  },
];
