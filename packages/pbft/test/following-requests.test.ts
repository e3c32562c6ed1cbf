import {
  type Digest,
  type NewView,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { State } from "../src/state.ts";
import { onNewView } from "../src/view-change/new-view.ts";
import { onViewChange } from "../src/view-change/view-change.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 3. */
const stage = createRuleStage(3);
const { state, digests, me, cluster } = stage;
const others = [0, 1, 2, 3].filter((index) => index !== me);
const signature = toSignature(new Uint8Array(64));
const first = at(digests, 0);

const proposalOf = (view: number, digest: Digest = first) => ({
  sequence: toSequence(2),
  view: toView(view),
  digest,
  leader: toValidatorIndex(cluster.leader(2, view)),
  signature,
});
const accepted = (view: number, digest = first): NonNullable<State["proposal"]> => ({
  proposal: proposalOf(view, digest),
  fresh: true,
  votable: undefined,
});
const causes = (context: ReturnType<typeof stage.context>): readonly string[] =>
  only(context, "report").flatMap(({ event }) =>
    event.type === "view-changed" ? [event.cause] : [],
  );

describe("a request of one other validator", () => {
  test("B24: moves nobody, unless the view is overdue; a second one moves everybody", () => {
    const pace = { ...state.pace, overdue: true };
    for (const [changes, count, expected] of [
      [{}, 1, []],
      [{ work: true, proposal: accepted(0) }, 1, []],
      [{ pace }, 1, ["overdue"]],
      [{}, 2, ["joined"]],
    ] as const) {
      for (const newView of [1, 2]) {
        const context = stage.context(changes);

        for (const voter of others.slice(0, count)) {
          onViewChange(context, stage.request({ voter, newView }));
        }

        expect(causes(context)).toEqual(expected);
        const view = expected.length === 0 ? 0 : count === 1 ? 1 : newView;
        expect(context.state.view).toBe(view);
        expect(context.state.phase).toBe(view === 0 ? "active" : "changing");
      }
    }
  });

  test("P10: the own one is kept to be sent again beside the own votes; another's changes neither", () => {
    const vote = { sequence: toSequence(2), view: toView(0), digest: first, signature };
    const voter = toValidatorIndex(me);
    const sent = {
      proposal: { type: "pre-prepare", proposal: proposalOf(0), outline: undefined },
      prepare: { ...vote, voter },
      commit: { ...vote, voter },
      viewChange: undefined,
    } as const;
    for (const by of [me, at(others, 0)]) {
      const request = stage.request({ voter: by, newView: 1 });
      const context = stage.context({ view: toView(1), phase: "changing", sent });

      onViewChange(context, request);

      expect(only(context, "discard")).toEqual([]);
      expect(context.state.sent).toEqual(by === me ? { ...sent, viewChange: request } : sent);
    }
  });
});

describe("a NewView", () => {
  const newView = (view: number, digest: Digest): NewView => ({
    proposal: proposalOf(view, digest),
    parent: state.head.digest,
    votes: [0, 1, 2].map((voter) => ({
      voter: toValidatorIndex(voter),
      prepared: undefined,
      signature,
    })),
    parentCertificate: state.head.certificate,
    prepareCertificate: undefined,
  });

  test("B25: takes the place of a proposal of an earlier view, for whatever block, and of none of its own", () => {
    const other = at(digests, 1);
    for (const [before, digest, reason] of [
      [undefined, first, undefined],
      [accepted(0), first, undefined],
      [accepted(0, other), first, undefined],
      [accepted(1), first, undefined],
      [accepted(1, other), first, undefined],
      [accepted(2), first, "duplicate"],
      [accepted(2, other), first, "conflict"],
    ] as const) {
      const view = before?.proposal.view ?? 0;
      const context = stage.context({ proposal: before, view: toView(view) });

      onNewView(context, newView(2, digest));

      expect(only(context, "discard").map((each) => each.reason)).toEqual(
        reason === undefined ? [] : [reason],
      );
      const { proposal } = context.state;
      expect(proposal?.proposal).toEqual(
        reason === undefined ? proposalOf(2, digest) : before?.proposal,
      );
      expect([context.state.view, context.state.phase]).toEqual([2, "active"]);
    }
  });
});
