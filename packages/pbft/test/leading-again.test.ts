import { type Evidence, sha256, toSequence, toSignature, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { onProposed, tryNewView } from "../src/leader/lead.ts";
import type { OwnSigned, PendingEvidence, State } from "../src/state.ts";
import { stateOf } from "./leading-situations.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 2, for which a quorum asks without a lock. */
const stage = createRuleStage(2);
const { state, digests, blocks } = stage;
const all = [0, 1];

/** It has proposed `proposed` in view 2, or something in view 0, or nothing; it holds some blocks. */
function leading(options: {
  readonly proposed?: { readonly view: number; readonly of: number };
  readonly held?: readonly number[];
  readonly lock?: number;
}): State {
  const { proposed, held = [], lock } = options;
  const asked = [0, 1, 2].map((voter) => ({ voter, lock: voter === 1 ? lock : undefined }));
  const changes = stateOf(stage, {
    leads: 1,
    view: 2,
    phase: "changing",
    proposing: undefined,
    committed: false,
    suspended: false,
    asked,
    signed: proposed,
    held: all.map((of) => (held.includes(of) ? true : undefined)),
  });
  return { ...state, ...changes };
}

/** Deeds of a leader about its view: the digests that it proposes, and whether it asks for a block. */
function led(of: State) {
  const context = stage.context(of);
  tryNewView(context);
  const proposed = only(context, "sign-and-send").map(({ statement }) =>
    statement.type === "new-view" ? statement.proposal.digest : statement.type,
  );
  const persisted = only(context, "persist").length;
  return { context, proposed, persisted, asked: only(context, "propose").length };
}

describe("a leader that has proposed in its view before it crashed", () => {
  test("B5: says the same again when it has the block, writes nothing anew, and asks for no other", () => {
    for (const of of all) {
      const again = led(leading({ proposed: { view: 2, of }, held: all }));
      expect(again).toMatchObject({ proposed: [digests[of]], persisted: 0, asked: 0 });
      expect(again.context.state.proposing).toBe(2);
    }
  });

  test("B5: says and asks for nothing while it does not have the block, whatever else it has", () => {
    for (const of of all) {
      for (const held of [[], [1 - of]]) {
        const before = leading({ proposed: { view: 2, of }, held });
        const silent = led(before);
        expect(silent).toMatchObject({ proposed: [], persisted: 0, asked: 0 });
        expect(silent.context.state).toEqual(before);
      }
    }
  });

  test("B1 B5: says nothing when the requests show a lock on another block, and the lock when it is the same", () => {
    for (const of of all) {
      const proposed = { view: 2, of };
      expect(led(leading({ proposed, held: all, lock: of })).proposed).toEqual([digests[of]]);
      expect(led(leading({ proposed, held: all, lock: 1 - of })).proposed).toEqual([]);
    }
  });

  test("asks for a new block when what it has proposed was in an earlier view", () => {
    const fresh = led(leading({ proposed: { view: 0, of: 0 }, held: all }));
    expect(fresh).toMatchObject({ proposed: [], persisted: 0, asked: 1 });
  });
});

describe("a proposal", () => {
  test("B4 B5: leaves in place what this replica has voted for", () => {
    const vote = { view: toView(0), digest: at(digests, 1) };
    const votes: readonly Pick<OwnSigned, "prepare" | "commit">[] = [
      { prepare: vote, commit: undefined },
      { prepare: vote, commit: vote },
    ];
    for (const cast of votes) {
      const before = leading({ held: all, lock: 0 });
      const { context, persisted } = led({ ...before, signed: { ...before.signed, ...cast } });
      expect(persisted).toBe(1);
      const proposal = { view: toView(2), digest: at(digests, 0) };
      expect(context.state.signed).toEqual({ ...cast, proposal });
    }
  });

  test("an own block settles what became of the evidence that was offered for it", () => {
    const [member] = state.head.validators.validators;
    if (member === undefined) throw new Error("there are four");
    const piece = (view: number): Evidence => {
      const [first, second] = [sha256(member.key), sha256(member.id)].map((digest) => ({
        digest,
        signature: toSignature(new Uint8Array(64)),
      }));
      if (first === undefined || second === undefined) throw new Error("there are two");
      const where = { sequence: toSequence(2), view: toView(view), phase: "prepare" } as const;
      const { id: validator, key } = member;
      return { type: "double-vote", validator, key, ...where, first, second };
    };
    const pending = (view: number, asked: boolean): PendingEvidence => ({
      evidence: piece(view),
      offered: false,
      asked,
      shared: false,
      from: undefined,
    });
    const context = stage.context({
      ...leading({}),
      proposing: toView(2),
      evidence: [pending(0, true), pending(1, true), pending(3, false)],
    });

    const block = { ...at(blocks, 0), evidence: [piece(0)] };
    onProposed(context, { sequence: toSequence(2), view: toView(2), block });

    expect(only(context, "sign-and-send")).toHaveLength(1);
    expect(context.state.evidence).toEqual([
      { ...pending(0, false), offered: true },
      pending(3, false),
    ]);
    expect(context.state.closedOffences).toHaveLength(1);
  });
});
