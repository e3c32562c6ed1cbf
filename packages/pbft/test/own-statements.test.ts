import { toPublicKey, toSequence, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OwnStatement } from "../src/books/own-statements.ts";
import { slotAt } from "../src/books/slots.ts";
import { addVote, emptyVoteBook, votesOf } from "../src/books/vote-book.ts";
import { accuseOfHiddenLock, witnessCommit, witnessRequest } from "../src/evidence/hidden-lock.ts";
import {
  answerVote,
  compareLateProposal,
  compareProposal,
  rememberLateProposal,
  rememberProposal,
} from "../src/evidence/told-proposals.ts";
import { witnessCertificate } from "../src/evidence/witness.ts";
import {
  checkCertificate,
  checkMessage,
  noteStatements,
  recallStatements,
} from "../src/listening/own-signatures.ts";
import type { SigningEntry } from "../src/record.ts";
import type { State } from "../src/state.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, digests, certificate, me, cluster } = stage;
const set = state.head.validators;
const first = at(digests, 0);
const second = at(digests, 1);
const signature = new Uint8Array(64) as never;
const voter = (me + 1) % 4;

const statement = (
  type: OwnStatement["type"],
  sequence: number,
  view = 0,
  digest: OwnStatement["digest"] = first,
): OwnStatement => ({ type, sequence: toSequence(sequence), view: toView(view), digest });

describe("what this replica has signed (B26)", () => {
  const vote: SigningEntry = {
    type: "vote",
    phase: "commit",
    sequence: toSequence(2),
    view: toView(1),
    digest: first,
  };
  const proposal: SigningEntry = { ...vote, type: "proposal", sequence: toSequence(3) };
  const { body } = stage.request({ voter: me, newView: 4 });
  const request: SigningEntry = { type: "view-change", body, prepareCertificate: undefined };
  const floor: SigningEntry = { type: "floor", sequence: toSequence(7) };

  test("is what its log holds of sequences above the head", () => {
    expect(recallStatements([vote, proposal, request, floor], toSequence(1))).toEqual({
      after: 1,
      statements: [
        statement("commit", 2, 1),
        statement("proposal", 3, 1),
        statement("view-change", 2, 4, undefined as never),
      ].map((each) => (each.type === "view-change" ? { ...each, digest: undefined } : each)),
    });
    expect(recallStatements([vote, proposal, request], toSequence(2)).statements).toEqual([
      statement("proposal", 3, 1),
    ]);
  });

  test("and what becomes durable, until it is two sequences old", () => {
    const old = [statement("commit", 1), statement("commit", 2), statement("prepare", 3)];
    for (const [sequence, rest] of [
      [2, old],
      [3, old.slice(1)],
      [4, old.slice(2)],
    ] as const) {
      const own = { after: toSequence(0), statements: old };
      const context = stage.context({ own, sequence: toSequence(sequence) });
      const before = context.state;
      noteStatements(context);
      expect(context.state.own?.statements).toEqual(rest);
      if (rest.length === old.length) expect(context.state).toBe(before);
      context.effects.push({ type: "persist", entries: [{ ...vote, sequence: toSequence(9) }] });
      noteStatements(context);
      expect(context.state.own?.statements).toEqual([...rest, statement("commit", 9, 1)]);
    }
    const unknown = stage.context({ own: undefined });
    unknown.effects.push({ type: "persist", entries: [vote] });
    noteStatements(unknown);
    expect(unknown.state.own).toBeUndefined();
  });

  test("another signature of its key ends its signing; one that it knows, or of another, does not", () => {
    const own = {
      after: toSequence(1),
      statements: [statement("commit", 2), statement("view-change", 2, 1)],
    };
    const mine = (changes: object): Parameters<typeof checkMessage>[1] => ({
      type: "commit",
      sequence: toSequence(2),
      view: toView(0),
      digest: first,
      voter: toValidatorIndex(me),
      signature,
      ...changes,
    });
    const asked = (newView: number): Parameters<typeof checkMessage>[1] => ({
      type: "view-change",
      ...stage.request({ voter: me, newView }),
    });
    const cases: readonly (readonly [
      Parameters<typeof checkMessage>[1],
      boolean,
      Partial<State>?,
    ])[] = [
      [mine({}), false],
      [mine({ voter: toValidatorIndex(voter), view: toView(1) }), false],
      [mine({ view: toView(1) }), true],
      [mine({ digest: second }), true],
      [mine({ type: "prepare" }), true],
      [mine({ sequence: toSequence(3) }), true],
      [mine({ sequence: toSequence(1) }), false],
      [mine({ sequence: toSequence(1) }), true, { own: { ...own, after: toSequence(0) } }],
      [mine({ sequence: toSequence(4) }), false],
      [mine({ view: toView(1) }), false, { floor: toSequence(2) }],
      [mine({ view: toView(1) }), true, { floor: toSequence(1) }],
      [mine({ view: toView(1) }), false, { own: { ...own, after: toSequence(2) } }],
      [mine({ view: toView(1) }), false, { own: undefined }],
      [asked(1), false],
      [asked(2), true],
    ];
    for (const [message, ends, changes = {}] of cases) {
      const context = stage.context({ own, ...changes });
      checkMessage(context, message);
      const events = only(context, "report").filter(({ event }) => event.type === "own-signature");
      expect(events).toHaveLength(ends ? 1 : 0);
      expect(context.state.listening !== undefined).toBe(ends);
    }
    const other = {
      ...stage.context({ own }),
      config: { ...stage.config, keys: [toPublicKey(second)] },
    };
    checkMessage(other, mine({ view: toView(1) }));
    expect(other.state.listening).toBeUndefined();
  });

  test("a certificate with its vote counts as the vote", () => {
    const own = { after: toSequence(0), statements: [statement("commit", 2)] };
    const named = certificate({ phase: "commit", view: 0, digest: first });
    for (const [made, ends] of [
      [undefined, false],
      [named, false],
      [certificate({ phase: "prepare", view: 0, digest: first }), me !== 3],
      [certificate({ phase: "commit", view: 1, digest: first }), me !== 3],
    ] as const) {
      const context = stage.context({ own });
      checkCertificate(context, made);
      expect(context.state.listening !== undefined).toBe(ends);
    }
  });
});

describe("hidden locks", () => {
  const commit = (view: number, of = first) => ({
    view: toView(view),
    digest: of,
    voter: toValidatorIndex(voter),
    signature,
  });
  const lock = (view: number, of = first) => certificate({ phase: "prepare", view, digest: of });
  const asked = (newView: number, held?: ReturnType<typeof lock>) =>
    stage.request({ voter, newView, lock: held });
  const accused = (context: ReturnType<typeof stage.context>): readonly string[] =>
    context.state.evidence.map(({ evidence }) => evidence.type);

  test("B4 P36: a request accuses who committed before it and does not own up to as much", () => {
    for (const [view, request, guilty] of [
      [0, asked(1), true],
      [0, asked(1, lock(0)), false],
      [0, asked(1, lock(0, second)), true],
      [1, asked(2, lock(0)), true],
      [1, asked(3, lock(2, second)), false],
      [1, asked(1), false],
      [2, asked(1), false],
    ] as const) {
      const context = stage.context();
      accuseOfHiddenLock(context, set, commit(view), request);
      expect(accused(context)).toEqual(guilty ? ["hidden-lock"] : []);
    }
    const nobody = stage.context();
    accuseOfHiddenLock(nobody, set, { ...commit(0), voter: toValidatorIndex(9) }, asked(1));
    expect(accused(nobody)).toEqual([]);
  });

  test("P36: whichever comes first, the vote or the request, the other is kept", () => {
    const outcome = addVote(emptyVoteBook(), set, commit(0), toView(0));
    if (outcome.type !== "added") throw new Error("the first");
    const after = stage.context({ commits: outcome.book });
    witnessRequest(after, toValidatorIndex(voter), asked(1));
    expect(accused(after)).toEqual(["hidden-lock"]);

    const before = stage.context();
    witnessRequest(before, toValidatorIndex(voter), asked(1));
    witnessCommit(before, commit(0));
    expect(accused(before)).toEqual(["hidden-lock"]);
  });

  test("P36: any series of up to nine requests convicts with each later COMMIT that one contradicts", () => {
    const locks = fc.option(fc.tuple(fc.nat(5), fc.constantFrom(first, second)), {
      nil: undefined,
    });
    const request = fc
      .tuple(fc.integer({ min: 1, max: 7 }), locks)
      .filter(([view, held]) => held === undefined || held[0] < view)
      .map(([view, held]) => asked(view, held === undefined ? undefined : lock(...held)));
    let guilty = 0;
    fc.assert(
      fc.property(fc.array(request, { maxLength: 9 }), fc.nat(6), (requests, view) => {
        const alone = stage.context();
        for (const each of requests) accuseOfHiddenLock(alone, set, commit(view), each);
        const context = stage.context();
        for (const each of requests) witnessRequest(context, toValidatorIndex(voter), each);
        witnessCommit(context, commit(view));
        const isGuilty = accused(alone).length > 0;
        if (isGuilty) guilty += 1;
        const kept = slotAt(context.state.requests, voter) ?? [];
        expect(kept.length).toBeLessThanOrEqual(8);
        expect(accused(context).length > 0).toBe(isGuilty);
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(guilty).toBeGreaterThan(100);
  });
});

describe("told proposals", () => {
  const leader = toValidatorIndex(cluster.leader(2, 0));
  const told = (view: number, digest = first, by = leader) => ({
    sequence: toSequence(2),
    view: toView(view),
    digest,
    leader: by,
    signature,
  });
  const other = [0, 1, 2, 3].find((each) => each !== me && each !== leader) ?? 0;

  test("P36: a voter for another block is told, not the leader, not itself, and nobody else", () => {
    for (const [view, digest, by, hears] of [
      [0, second, other, true],
      [0, first, other, false],
      [1, second, other, false],
      [0, second, leader, false],
      [0, second, me, false],
    ] as const) {
      const context = stage.context({ toldProposals: [told(0)] });
      answerVote(context, { view: toView(view), digest, voter: toValidatorIndex(by) });
      const message = { type: "pre-prepare", proposal: told(0), block: undefined };
      expect(only(context, "send")).toEqual(
        hears ? [{ type: "send", to: set.validators[by]?.id, message }] : [],
      );
    }
  });

  test("eight are remembered, of a view that is over the first one; a second one convicts", () => {
    const context = stage.context({ toldProposals: [] });
    for (let view = 0; view < 10; view++) rememberProposal(context, told(view));
    expect(context.state.toldProposals.map(({ view }) => view)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    rememberLateProposal(context, told(3, second));
    expect(context.state.toldProposals).toHaveLength(8);
    rememberLateProposal(context, told(1));
    expect(context.state.toldProposals.at(-1)?.view).toBe(1);

    for (const [compare, held] of [
      [compareProposal, { toldProposals: [told(0)] }],
      [compareLateProposal, { late: { ...state.late, toldProposals: [told(0)] } }],
    ] as const) {
      for (const [proposal, guilty] of [
        [told(0), false],
        [told(0, second), true],
        [told(1, second), false],
        [told(0, second, toValidatorIndex(other)), false],
      ] as const) {
        const world = stage.context(held);
        compare(world, proposal);
        expect(world.state.evidence).toHaveLength(guilty ? 1 : 0);
      }
    }
  });
});

describe("certificates as votes", () => {
  test("P36: their votes are read into the book of their sequence and phase, and of no other", () => {
    for (const phase of ["prepare", "commit"] as const) {
      for (const sequence of [1, 2, 3]) {
        const context = stage.context({
          late: { ...state.late, prepare: emptyVoteBook(), commit: emptyVoteBook() },
        });
        const made = certificate({ phase, view: 0, digest: second, sequence });

        witnessCertificate(context, made);

        const { prepares, commits, late } = context.state;
        const books = {
          "2 prepare": prepares,
          "2 commit": commits,
          "1 prepare": late.prepare,
          "1 commit": late.commit,
        };
        for (const [name, book] of Object.entries(books)) {
          const count = votesOf(book, toValidatorIndex(0)).length;
          expect(count).toBe(name === `${sequence} ${phase}` ? 1 : 0);
        }
      }
    }
    const context = stage.context();
    witnessCertificate(context, certificate({ phase: "prepare", view: 0, digest: first }));
    witnessCertificate(context, certificate({ phase: "prepare", view: 0, digest: second }));
    expect(context.state.evidence).toHaveLength(3);
    const before = context.state;
    witnessCertificate(context, undefined);
    expect(context.state).toBe(before);
  });
});
