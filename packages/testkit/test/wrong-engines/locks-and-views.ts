import { HIDDEN_COMMIT, LONE_LOCKS, NO_QUORUM, UNEVEN } from "./common.ts";
import type { WrongEngine } from "./wrong-engine.ts";

/** Engines that are wrong about quorums, signing state, locks, or what justifies a later view. */
export const LOCKS_AND_VIEWS: readonly WrongEngine[] = [
  {
    name: "quorum-of-half",
    breaks: "a quorum is half of the power, in votes, requests and certificates",
    edits: [
      NO_QUORUM,
      {
        find: "  if (!isQuorum(outcome.power, set)) return;",
        replace: "  if (outcome.power * 2n < set.totalPower) return;",
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
    recovers: 0,
    seed: 11,
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
    seed: 1,
    by: ["double-signing", "progress"],
  },
  {
    name: "nothing-persisted",
    breaks: "the signing log is never written",
    edits: [{ find: "await log.append(record);", replace: "" }],
    seed: 1,
    by: ["double-signing", "progress"],
  },
  {
    name: "signing-state-not-read",
    breaks: "a replica starts as if it had never signed",
    edits: [
      {
        find: "lasting = decodeSigningLog(loaded);",
        replace: "lasting = [];",
      },
    ],
    seed: 1,
    by: ["double-signing", "progress"],
  },
  {
    name: "locks-not-restored",
    breaks: "a replica forgets at restart what it had prepared",
    edits: [
      { find: "      return lock(context, entry.certificate);", replace: "      return;" },
      { find: "      return lock(context, entry.prepareCertificate);", replace: "      return;" },
    ],
    recovers: 0,
    seed: 292,
    by: ["double-signing", "progress"],
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
    // Exploration finds it too, but only in one of seven orders of 15,000 states.
    seed: 7,
    by: ["agreement", "double-signing"],
  },
  {
    name: "new-leader-ignores-locks",
    breaks: "a new leader proposes afresh whatever was prepared, and receivers let it",
    edits: [
      {
        find: "  if (highest !== undefined) return sendNewView(context, { quorum, me, digest: highest.digest });\n  if (again",
        replace: "  if (again",
      },
      {
        find: "  const highest = highestPrepared(quorum);\n  if (highest !== undefined) return sendNewView(context, { quorum, me, digest: highest.digest });\n  const digest = digestOf",
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
    seed: 9,
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
    seed: 119,
    by: ["agreement", "double-signing"],
  },
  {
    name: "leader-not-checked",
    breaks: "anyone may send a NewView",
    edits: [
      {
        find: 'if (proposal.leader !== leaderAt(state, view)) return "not-the-leader";',
        replace: "",
      },
    ],
    world: { strategies: ["usurper"] },
    explored: 3,
    seed: 11,
    by: ["leadership"],
  },
  {
    name: "exchanged-requests-refused",
    breaks: "a re-proposal beside exchanged requests is refused, and its leader's form is dropped",
    edits: [
      {
        find: "  if (accepted.proposal.view === 0) return refuseProposal(context);\n",
        replace: "  if (accepted.proposal.view >= 0) return refuseProposal(context);\n",
      },
      { find: "    known?.fresh === true &&\n", replace: "    known?.fresh === undefined &&\n" },
    ],
    world: { strategies: ["request-exchanger"], ambush: LONE_LOCKS },
    instead: UNEVEN,
    seed: 10,
    by: ["re-proposals"],
  },
];
