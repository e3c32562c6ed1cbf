import {
  type ConsensusMessage,
  outlineOf,
  type SyncRequest,
  sha256,
  toDigest,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { addVote, emptyVoteBook } from "../src/books/vote-book.ts";
import { triage } from "../src/inbox/triage.ts";
import { createAnswering } from "../src/replica/answering.ts";
import { guardTransport } from "../src/replica/guarded-transport.ts";
import type { State } from "../src/state.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { at, createRuleStage } from "./rule-stage.ts";

/** Leads view 3. */
const stage = createRuleStage(3);
const { state, digests, blocks, cluster, me } = stage;
const signature = toSignature(new Uint8Array(64));
const leader = cluster.leader(2, 0);
const other = [0, 1, 2, 3].find((index) => index !== me && index !== leader) ?? 0;
const another = toDigest(sha256(at(digests, 0)));

const proposalOf = (changes: object = {}) => ({
  sequence: toSequence(2),
  view: toView(0),
  digest: at(digests, 0),
  leader: toValidatorIndex(leader),
  signature,
  ...changes,
});
const proposed = (changes: object = {}): ConsensusMessage => ({
  type: "pre-prepare",
  proposal: proposalOf(changes),
  outline: outlineOf(at(blocks, 0)),
});
const bareOf = (changes: object = {}): ConsensusMessage => ({
  type: "pre-prepare",
  proposal: proposalOf(changes),
  outline: undefined,
});
const vote = (changes: object = {}): ConsensusMessage => ({
  type: "prepare",
  sequence: toSequence(2),
  view: toView(0),
  digest: at(digests, 0),
  voter: toValidatorIndex(other),
  signature,
  ...changes,
});

describe("what is looked at before a signature is verified", () => {
  test("P36: a proposal of the first view and its leader, whole only where its block is of use", () => {
    const told: Partial<State> = { toldProposals: [proposalOf()] };
    const known = {
      digest: at(digests, 0),
      block: at(blocks, 0),
      verdict: "unchecked",
      reason: "",
      claim: undefined,
      durable: false,
    } as const;
    const cases: readonly (readonly [
      Partial<State>,
      ConsensusMessage,
      ReturnType<typeof triage>,
    ])[] = [
      [{}, proposed(), { type: "check", message: proposed() }],
      [{}, proposed({ view: toView(1) }), { type: "drop", reason: "wrong-view" }],
      [
        {},
        proposed({ leader: toValidatorIndex(other) }),
        { type: "drop", reason: "not-the-leader" },
      ],
      [
        {},
        proposed({ leader: toValidatorIndex(4) }),
        { type: "drop", reason: "index-out-of-bounds" },
      ],
      [{ view: toView(1) }, proposed(), { type: "check", message: bareOf() }],
      [{ phase: "committing" }, proposed(), { type: "check", message: bareOf() }],
      [{ blocks: [known] }, proposed(), { type: "check", message: bareOf() }],
      // Another one than was told convicts, in whatever view.
      [
        told,
        proposed({ digest: another }),
        { type: "check", message: bareOf({ digest: another }) },
      ],
      [
        told,
        proposed({ digest: another, view: toView(1) }),
        { type: "drop", reason: "wrong-view" },
      ],
      [
        told,
        proposed({ digest: another, leader: toValidatorIndex(other) }),
        { type: "drop", reason: "not-the-leader" },
      ],
      // An own signature is always looked at.
      [
        {},
        proposed({ leader: toValidatorIndex(me) }),
        { type: "check", message: bareOf({ leader: toValidatorIndex(me) }) },
      ],
    ];
    for (const [changes, message, result] of cases) {
      expect(triage({ ...state, ...changes }, message)).toEqual(result);
    }
  });

  test("P36: of the sequence that is over votes, and proposals that contradict what was told", () => {
    const over = { sequence: toSequence(1), digest: another };
    const late = { ...state.late, toldProposals: [proposalOf({ sequence: toSequence(1) })] };
    const now = { ...state, late };
    expect(triage(now, vote(over))).toEqual({ type: "check", message: vote(over) });
    expect(triage(now, proposed(over))).toEqual({ type: "check", message: bareOf(over) });
    expect(triage(now, proposed({ sequence: toSequence(1) }))).toEqual({ type: "old" });
    expect(triage(now, proposed({ ...over, view: toView(1) }))).toEqual({ type: "old" });
    const request: ConsensusMessage = {
      type: "view-change",
      ...stage.request({ voter: other, newView: 1 }),
    };
    expect(triage(state, request)).toEqual({ type: "check", message: request });
    const body = {
      ...(request.type === "view-change" ? request.body : ({} as never)),
      sequence: toSequence(1),
    };
    expect(triage(state, { ...request, body } as ConsensusMessage)).toEqual({ type: "old" });
    expect(triage(state, vote({ sequence: toSequence(0) }))).toEqual({ type: "old" });
    expect(triage(state, vote({ sequence: toSequence(4) }))).toEqual({
      type: "ahead",
      sequence: 3,
    });
  });

  test("P36: votes of the sequence that is over count once, in the phase that they are of", () => {
    const { previousValidators } = state.head;
    for (const type of ["prepare", "commit"] as const) {
      const message = vote({ type, sequence: toSequence(1), voter: toValidatorIndex(1) });
      if (message.type !== type) throw new Error("a vote");
      const added = addVote(emptyVoteBook(), previousValidators, message, toView(0));
      if (added.type !== "added") throw new Error("the first one");
      const late = { ...state.late, prepare: emptyVoteBook(), commit: emptyVoteBook() };
      const known = { ...state, late: { ...late, [type]: added.book } };
      expect(triage({ ...state, late }, message)).toEqual({ type: "check", message });
      expect(triage(known, message)).toEqual({ type: "drop", reason: "duplicate" });
      const unlike = { ...message, type: type === "prepare" ? "commit" : "prepare" } as const;
      expect(triage(known, unlike)).toEqual({ type: "check", message: unlike });
    }
  });

  test("P36: who may speak is for the set of the sequence that is spoken of to say", () => {
    const one = createMembership([1]).set;
    const { validators: four } = state.head;
    const outside = { type: "drop", reason: "index-out-of-bounds" } as const;
    const by = (sequence: number): ConsensusMessage =>
      vote({ sequence: toSequence(sequence), voter: toValidatorIndex(3) });
    for (const [previousValidators, validators, results] of [
      [one, four, ["drop", "check", "check"]],
      // The set of the sequence after the next may have more members again.
      [four, one, ["check", "drop", "ahead"]],
    ] as const) {
      const head = { ...state.head, previousValidators, validators };
      const found = [1, 2, 3].map((sequence) => triage({ ...state, head }, by(sequence)));
      expect(found.map(({ type }) => type)).toEqual(results);
      for (const each of found) if (each.type === "drop") expect(each).toEqual(outside);
    }
  });
});

describe("what a request of a peer tells", () => {
  const peer = cluster.node(other).config.id;
  const own = cluster.node(me).config.id;
  const learn = async (request: SyncRequest, from: typeof peer | undefined) => {
    const inputs: string[] = [];
    const heard: number[] = [];
    const signer = cluster.membership.members[me]?.signer;
    if (signer === undefined) throw new Error("a signer");
    const answering = createAnswering({
      options: {
        application: { finalized: async () => undefined } as never,
        genesis: GENESIS,
        id: own,
        signer,
      },
      state: () => state,
      heard: (_, height) => heard.push(height),
      afford: () => undefined,
      input: (occurrence) => inputs.push(occurrence.type),
      emit: () => {},
    });
    await answering.answer(request, from);
    return { inputs, heard };
  };

  test("that it listens, when the transport vouches for who says so", async () => {
    const nonce = new Uint8Array(32) as never;
    const asks = (listening: boolean): SyncRequest => ({
      type: "signed-head",
      nonce,
      validator: peer,
      listening,
    });
    expect((await learn(asks(true), peer)).inputs).toEqual(["listener"]);
    expect((await learn(asks(false), peer)).inputs).toEqual([]);
    expect((await learn(asks(true), own)).inputs).toEqual([]);
    expect((await learn(asks(true), undefined)).inputs).toEqual([]);
  });

  test("that it is ahead, when it is", async () => {
    for (const [known, from, inputs, heard] of [
      [2, peer, ["ahead"], [2]],
      [1, peer, [], []],
      [2, undefined, ["ahead"], []],
    ] as const) {
      const told = await learn({ type: "head", known: toSequence(known) }, from);
      expect(told).toEqual({ inputs, heard });
    }
  });
});

describe("a transport that throws", () => {
  test("stops nobody: each failure is told, and counts as lost", () => {
    const failures: string[] = [];
    const fail = (): never => {
      throw new Error("broken");
    };
    const broken = { attach: () => {}, broadcast: fail, send: fail, peers: fail, request: fail };
    const guarded = guardTransport(broken, (call) => failures.push(call));
    guarded.broadcast(vote());
    guarded.send(cluster.node(other).config.id, vote());
    expect(guarded.peers()).toEqual([]);
    expect(failures).toEqual(["broadcast", "send", "peers"]);
  });
});
