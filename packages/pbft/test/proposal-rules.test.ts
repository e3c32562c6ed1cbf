import { blockDigest, outlineOf, toTimestamp, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { LeaderMeasure } from "../src/books/measures.ts";
import { emptySlots, type Slots, withSlot } from "../src/books/slots.ts";
import { appraiseProposal } from "../src/normal-case/accept.ts";
import { onPrePrepare } from "../src/normal-case/pre-prepare.ts";
import { progress, validateNext } from "../src/normal-case/progress.ts";
import { leaderAt } from "../src/schedule/leader-at.ts";
import type { KnownBlock, State } from "../src/state.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, digests, blocks, cluster } = stage;
const dated = state.head.header.timestamp;
const signature = new Uint8Array(64) as never;

const proposalOf = (view: number, digest = at(digests, 0)) => ({
  sequence: state.sequence,
  view: toView(view),
  digest,
  leader: toValidatorIndex(cluster.leader(2, view)),
  signature,
});
const known = (verdict: KnownBlock["verdict"], block = at(blocks, 0)): KnownBlock => ({
  digest: blockDigest(block.header),
  block,
  verdict,
  reason: "",
  claim: undefined,
  durable: false,
});
const viewChanges = (context: ReturnType<typeof stage.context>): readonly string[] =>
  only(context, "report").flatMap(({ event }) =>
    event.type === "view-changed" ? [event.cause] : [],
  );

describe("a proposal alone", () => {
  test("is of view 0: those of later views come with what justifies them", () => {
    for (const view of [0, 1, 2, 3]) {
      for (const own of [0, view]) {
        const context = stage.context({ view: toView(own) });
        const proposal = proposalOf(view);
        expect(proposal.leader).toBe(leaderAt(state, toView(view)));

        onPrePrepare(context, { proposal, outline: outlineOf(at(blocks, 0)) });

        const discarded = only(context, "discard").map(({ reason }) => reason);
        expect(discarded).toEqual(view === 0 ? [] : ["wrong-view"]);
        expect(context.state.proposal?.proposal).toBe(view === 0 ? proposal : undefined);
      }
    }
  });
});

describe("a proposal that is dated far ahead of the own clock", () => {
  test("B34: is given up at once, but not by who knows that its own clock may be wrong", () => {
    const farMs = 600_000;
    for (const wasDoubted of [false, true]) {
      for (const isHeadAhead of [false, true]) {
        const now = isHeadAhead ? dated - farMs : dated;
        const [first] = blocks;
        if (first === undefined) throw new Error("there are three");
        const timestamp = toTimestamp(dated + farMs);
        const block = { ...first, header: { ...first.header, timestamp } };
        const digest = blockDigest(block.header);
        const context = {
          ...stage.context({
            blocks: [known("accepted", block)],
            proposal: { proposal: proposalOf(0, digest), fresh: true, votable: undefined },
            measures: { ...state.measures, clockDoubted: wasDoubted },
          }),
          now,
        };

        appraiseProposal(context);

        const doubts = wasDoubted || isHeadAhead;
        expect(context.state.measures.clockDoubted).toBe(doubts);
        expect(viewChanges(context)).toEqual(doubts ? [] : ["refused-proposal"]);
        if (doubts) expect(context.state.proposal?.votable).toBe(false);
        expect(context.state.pace.untimely).toBe(digest);
      }
    }
  });
});

describe("when the own vote has left", () => {
  const leaders = [0, 1, 2, 3].reduce<Slots<LeaderMeasure>>(
    (slots, index) => withSlot(slots, index, { work: 20, round: 10 }),
    emptySlots(),
  );
  const voted = (fresh: boolean, validatedMs: number, changes: Partial<State> = {}) => {
    const context = stage.context({
      blocks: [known("accepted")],
      proposal: { proposal: proposalOf(0), fresh, votable: true },
      viewTimerRuns: true,
      measures: { ...state.measures, leaders },
      pace: { ...state.pace, votableAt: cluster.now - validatedMs },
      ...changes,
    });
    progress(context);
    expect(only(context, "sign-and-send")).toHaveLength(1);
    return only(context, "start-timer");
  };

  test("others have as long as validation took here, in a view whose proposal is new", () => {
    const [short] = voted(true, 0);
    const [long] = voted(true, 200);

    expect([short?.timer, long?.timer]).toEqual(["deadline", "deadline"]);
    expect((long?.delayMs ?? 0) - (short?.delayMs ?? 0)).toBe(200);
    expect(voted(true, 200, { viewTimerRuns: false })).toEqual([]);
  });

  test("a re-proposal is not overdue: its leader can do nothing about the block", () => {
    expect(voted(false, 0)).toEqual([]);
    expect(voted(false, 200)).toEqual([]);
  });
});

describe("what waits for a verdict", () => {
  test("is given to the application by who goes on, and not while a block is applied", () => {
    const waiting = {
      blocks: [known("unchecked")],
      proposal: { proposal: proposalOf(0), fresh: true, votable: true },
    } as const;
    const cases: readonly (readonly [Partial<State>, number])[] = [
      [{}, 1],
      [{ stopped: true }, 0],
      [{ phase: "committing" }, 0],
      [{ validating: at(digests, 0) }, 0],
      [{ validating: at(digests, 1) }, 1],
    ];
    for (const [changes, count] of cases) {
      const context = stage.context({ ...waiting, ...changes });

      validateNext(context);

      expect(only(context, "verify")).toHaveLength(count);
    }
  });
});
