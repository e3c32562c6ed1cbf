import { type NewView, toSequence, toSignature, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { isRepeated } from "../src/inbox/repeated.ts";
import type { KnownBlock } from "../src/state.ts";
import { onNewView } from "../src/view-change/new-view.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, digests, blocks, cluster, certificate } = stage;
const signature = toSignature(new Uint8Array(64));
const digest = at(digests, 0);
const view = 1;

/** Block of the leader of view 0, which this replica has validated. */
const known: KnownBlock = {
  digest,
  block: at(blocks, 0),
  verdict: "accepted",
  reason: "",
  claim: undefined,
  durable: true,
};
const proposal: NewView["proposal"] = {
  sequence: toSequence(2),
  view: toView(view),
  digest,
  leader: toValidatorIndex(cluster.leader(2, view)),
  signature,
};
const lock = certificate({ phase: "prepare", view: 0, digest });
const prepared = { view: lock.view, digest };
const newView = (withLock: boolean): NewView => ({
  proposal,
  parent: state.head.digest,
  votes: [0, 1, 2].map((voter) => ({
    voter: toValidatorIndex(voter),
    prepared: withLock && voter === 0 ? prepared : undefined,
    signature,
  })),
  parentCertificate: state.head.certificate,
  prepareCertificate: withLock ? lock : undefined,
});
const votesOf = (context: ReturnType<typeof stage.context>): readonly string[] =>
  only(context, "sign-and-send").map(({ statement }) => statement.type);

describe("a re-proposal beside which somebody put the requests of a quorum without a lock", () => {
  test("is not voted for, and no later view is requested for it", () => {
    const context = stage.context({ blocks: [known] });

    onNewView(context, newView(false));

    expect(context.state.proposal).toMatchObject({ fresh: true, votable: false });
    expect(context.state.phase).toBe("active");
    expect(context.state.view).toBe(view);
    expect(votesOf(context)).toEqual([]);
  });

  test("is voted for when the leader's own form comes, which is no repetition", () => {
    const context = stage.context({ blocks: [known] });
    onNewView(context, newView(false));
    expect(isRepeated(context.state, { type: "new-view", ...newView(false) })).toBe(true);
    expect(isRepeated(context.state, { type: "new-view", ...newView(true) })).toBe(false);

    onNewView(context, newView(true));

    expect(context.state.proposal).toMatchObject({ fresh: false, votable: true });
    expect(votesOf(context)).toEqual(["prepare"]);
    expect(isRepeated(context.state, { type: "new-view", ...newView(true) })).toBe(true);
  });

  test("stays the re-proposal if the other form comes later", () => {
    const context = stage.context({ blocks: [known] });
    onNewView(context, newView(true));

    onNewView(context, newView(false));

    expect(context.state.proposal).toMatchObject({ fresh: false, votable: true });
    expect(votesOf(context)).toEqual(["commit", "prepare"]);
  });
});
