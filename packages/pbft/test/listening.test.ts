import {
  type AccountId,
  createCertificate,
  SEEN_MESSAGES_MAX,
  toDigest,
  toSequence,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { withSlot } from "../src/books/slots.ts";
import { quietOf } from "../src/hearing/quiet.ts";
import { createConfig, type Occurrence, recover, SigningRecord, type State } from "../src/index.ts";
import { answerSignedHead } from "../src/listening/answer-signed-head.ts";
import { messagesOf } from "../src/listening/seen.ts";
import { Cluster } from "./cluster.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { listens, replicaOf } from "./listener.ts";

function heardBy(state: State) {
  return quietOf(state)?.listening;
}

describe("heads that are signed for a listener", () => {
  test("one that is made up counts as little as silence where the others are a quorum without it", () => {
    const { replica, input, validator } = replicaOf({
      powers: [1, 1, 1, 1, 1, 1, 1],
      log: [listens],
    });
    const heads = [9_007_199_254_740_000, 5, 3, 4, 5];
    heads.forEach((head, at) => {
      input({ type: "signed-head", validator: validator(at + 1), sequence: toSequence(head) });
    });
    expect(heardBy(replica.state)).toMatchObject({
      heardPower: 5n,
      highest: 9_007_199_254_740_000,
    });

    input({ type: "signed-head", validator: validator(6), sequence: toSequence(2) });

    expect(heardBy(replica.state)).toMatchObject({ heardPower: 6n, highest: 5 });
    expect(quietOf(replica.state)?.signsFrom).toBe(8);
  });

  test("of a validator that answers twice the lower head counts: both are of after the loss", () => {
    const { replica, input, validator } = replicaOf({ log: [listens] });
    for (const head of [4, 9, 2]) {
      for (const at of [1, 2, 3]) {
        input({ type: "signed-head", validator: validator(at), sequence: toSequence(head) });
      }
    }

    expect(quietOf(replica.state)?.signsFrom).toBe(5);
    expect(heardBy(replica.state)).toMatchObject({ heardPower: 3n, neededPower: 2n });
  });

  test("the set may change with the next block: nothing is decided before that is final here", () => {
    const { replica, input, validator } = replicaOf({ log: [listens] });
    for (const at of [1, 2, 3]) {
      input({ type: "signed-head", validator: validator(at), sequence: toSequence(0) });
    }

    expect(quietOf(replica.state)).toMatchObject({ reason: "listening", signsFrom: 3 });
  });

  test("an entry of before this rule, with a time in it, still makes its replica listen", () => {
    const { replica } = replicaOf({ log: [listens] });

    expect(quietOf(replica.state)).toMatchObject({
      reason: "listening",
      listening: { cause: "log-lost", since: 77, possible: true },
    });
    expect(replica.effects.some((effect) => effect.type === "ask-signed-heads")).toBe(true);
  });

  test.each([
    [[2, 2, 1], false],
    [[1, 1, 1], false],
    [[1, 1, 1, 1], true],
    [[3, 3, 3, 1], false],
  ] as const)(
    "powers %j: status says whether the others can go on by themselves",
    (powers, can) => {
      const probe = createMembership(powers);
      const own = probe.set.validators[0]?.power ?? 0n;
      const others = probe.set.totalPower - own;
      const { replica } = replicaOf({ powers, log: [listens] });

      const isPossible = others * 3n > probe.set.totalPower * 2n;
      expect(heardBy(replica.state)?.possible).toBe(isPossible);
      if (powers.every((power) => power === powers[0])) expect(isPossible).toBe(can);
    },
  );

  test("after the listening a restart knows from where it may sign", () => {
    const cluster = new Cluster({ parameters: { minBlockIntervalMs: 20 } });
    cluster.node(0).log = [listens];
    cluster.startAll();
    const over = (): boolean => cluster.state(0).listening === undefined;
    cluster.work();
    expect(cluster.run({ forMs: 60_000, until: over })).toBe(true);
    const { floor } = cluster.state(0);
    expect(floor).toBe(2);
    cluster.crash(0);
    cluster.start(0);

    expect(cluster.state(0).listening).toBeUndefined();
    expect(cluster.state(0).floor).toBe(floor);
  });
});

describe("a start", () => {
  const seven = { powers: [1, 1, 1, 1, 1, 1, 1], asksFirst: true };
  const startedAfter = (heads: readonly number[], rounds = 0): boolean => {
    const { replica, input, validator } = replicaOf(seven);
    expect(quietOf(replica.state)?.reason).toBe("starting");
    heads.forEach((head, at) => {
      input({ type: "signed-head", validator: validator(at + 1), sequence: toSequence(head) });
    });
    for (let round = 0; round < rounds; round++) input({ type: "timeout", timer: "resend" });
    return quietOf(replica.state) === undefined;
  };

  test("is over when a quorum of others has told what it holds, and not before", () => {
    expect(startedAfter([0, 0, 0, 0])).toBe(false);
    expect(startedAfter([0, 0, 0, 0, 0])).toBe(true);
    expect(startedAfter([1, 0, 1, 0, 0])).toBe(true);
  });

  test("B26: nothing is signed at a sequence that more than a third calls final, for some rounds", () => {
    expect(startedAfter([1, 0, 1, 0, 1])).toBe(false);
    expect(startedAfter([1, 0, 1, 0, 1], 2)).toBe(false);
    expect(startedAfter([1, 0, 1, 0, 1], 3)).toBe(true);
  });

  test("answers of those who are further count when it has followed them, not before", () => {
    expect(startedAfter([2, 0, 0, 0, 0])).toBe(false);
    expect(startedAfter([9, 9, 9, 9, 9, 9], 20)).toBe(false);
  });

  test("where too few answer it goes on after a while, with own power or without", () => {
    expect(startedAfter([0, 0, 0, 0], 1)).toBe(true);
    expect(startedAfter([0, 0, 0], 1)).toBe(false);
    expect(startedAfter([], 2)).toBe(false);
    expect(startedAfter([], 3)).toBe(true);
    // Two may be liars, who must not keep it silent for ever.
    expect(startedAfter([9, 9], 3)).toBe(true);
  });

  test("a validator that is a quorum by itself asks nobody, one that is in no set yet asks", () => {
    expect(quietOf(replicaOf({ powers: [1], asksFirst: true }).replica.state)).toBeUndefined();
    const { set } = createMembership([1, 1, 1, 1]);
    const { head } = new Counter(GENESIS, set);
    const config = createConfig({ genesis: GENESIS, id: new Uint8Array(32) as never, parameters });
    const first = recover({
      config,
      head,
      entries: [],
      hasWork: false,
      now: 1_000,
      asksFirst: true,
    });
    // Copies of a disk may be older than its validator.
    expect(first.state.listening?.cause).toBe("starting");
  });
});

describe("answers to a listener", () => {
  const request = {
    type: "signed-head",
    nonce: toDigest(new Uint8Array(32).fill(3)),
    listening: true,
  } as const;
  const answerOf = (state: State, listening = true) => {
    const { members } = createMembership([1, 1, 1, 1]);
    const [own, asker] = members;
    if (own === undefined || asker === undefined) throw new Error("there are four");
    return answerSignedHead({
      request: { ...request, listening, validator: asker.id },
      state,
      genesis: GENESIS,
      signers: [own.signer],
      id: own.id,
    }).type;
  };

  test("whoever listens itself proves nothing by its head, so it does not answer", () => {
    expect(answerOf(replicaOf({}).replica.state)).toBe("signed-head");
    expect(answerOf(replicaOf({ log: [listens] }).replica.state)).toBe("absent");
    expect(answerOf(replicaOf({ log: [listens] }).replica.state, false)).toBe("absent");
  });

  test("whoever has just started answers those who have just started, and no listener", () => {
    const { state } = replicaOf({ asksFirst: true }).replica;

    expect(answerOf(state)).toBe("absent");
    expect(answerOf(state, false)).toBe("signed-head");
  });

  test("whoever has signed at a sequence that its database is not near does not answer", () => {
    const entry = (at: number) =>
      SigningRecord.encode({
        entries: [
          {
            type: "vote",
            phase: "prepare",
            sequence: toSequence(at),
            view: toView(0),
            digest: GENESIS,
          },
        ],
      });
    const floor = SigningRecord.encode({ entries: [{ type: "floor", sequence: toSequence(4) }] });

    expect(answerOf(replicaOf({ log: [entry(1)] }).replica.state)).toBe("signed-head");
    expect(answerOf(replicaOf({ log: [entry(2)] }).replica.state)).toBe("absent");
    expect(answerOf(replicaOf({ log: [floor] }).replica.state)).toBe("absent");
  });

  test("blocks are made for a listener on an idle chain, two at a time and not without end", () => {
    const cluster = new Cluster({ parameters: { minBlockIntervalMs: 20 } }).startAll();
    const id = cluster.node(3).config.id;
    const heights: number[] = [];
    for (let turn = 0; turn < 100; turn++) {
      for (const at of [0, 1, 2]) cluster.input(at, { type: "listener", validator: id });
      cluster.run({ forMs: 2_000 });
      heights.push(cluster.height(0));
    }

    expect(heights[0]).toBe(2);
    expect(heights.at(-1)).toBe(8);
  });

  test("nobody is owed a block who is not a validator", () => {
    const cluster = new Cluster().startAll();
    for (const at of [0, 1, 2, 3]) {
      cluster.input(at, { type: "listener", validator: new Uint8Array(32).fill(1) as never });
    }
    cluster.run({ forMs: 10_000 });

    expect(cluster.heights()).toEqual([0, 0, 0, 0]);
  });
});

describe("what is held of whoever starts", () => {
  test("its newest messages, a proposal that came when its view was over among them", () => {
    const cluster = new Cluster({ parameters: { viewTimeoutMs: 300 } }).startAll();
    const leader = cluster.leader(1, 0);
    const witness = (leader + 3) % 4;
    // The proposal is on its way for longer than its view lasts.
    const send = cluster.send.bind(cluster);
    cluster.send = (from, to, message) => {
      if (message.type === "pre-prepare" && to === witness) {
        cluster.delay(600, () => send(from, to, message));
      } else if (message.type === "view-change") send(from, to, message);
    };
    cluster.work();
    cluster.run({ forMs: 6_000, until: () => cluster.state(witness).toldProposals.length > 0 });
    const { id } = cluster.node(leader).config;
    const seen = messagesOf(cluster.state(witness), id);

    expect(cluster.state(witness).view).toBeGreaterThan(0);
    const proposals = seen.filter((message) => message.type === "pre-prepare");
    expect(proposals.map(({ proposal }) => proposal.leader)).toEqual([leader]);
    expect(seen.length).toBeLessThanOrEqual(SEEN_MESSAGES_MAX);
  });
});

describe("what is held of whoever starts, of the last sequence", () => {
  const digest = toDigest(new Uint8Array(32).fill(7));
  const signature = new Uint8Array(64) as never;
  const [leader, other] = [toValidatorIndex(1), toValidatorIndex(2)];
  const at = { sequence: toSequence(0), digest, signature };

  test("B26: the proposal that it led with and its request for a view are among it", () => {
    const { state } = replicaOf({}).replica;
    const proposals = [0, 1, 2].map((view) => ({
      ...at,
      view: toView(view),
      leader: view === 2 ? other : leader,
    }));
    const body = { ...at, newView: toView(3), prepared: undefined, genesis: GENESIS };
    const request = { body: body as never, signature };
    const late = {
      ...state.late,
      toldProposals: proposals,
      requests: withSlot(state.late.requests, leader, [request]),
    };
    const { id } = validatorOf(state, leader);
    const seen = messagesOf({ ...state, late }, id);

    expect(seen.filter(({ type }) => type === "pre-prepare")).toEqual([
      { type: "pre-prepare", proposal: proposals[1], block: undefined },
    ]);
    expect(seen.filter(({ type }) => type === "view-change")).toEqual([
      {
        type: "view-change",
        voter: leader,
        ...request,
        parentCertificate: undefined,
        prepareCertificate: undefined,
      },
    ]);
    expect(messagesOf({ ...state, late }, validatorOf(state, other).id)).toHaveLength(1);
  });

  function validatorOf(state: State, index: number): { readonly id: AccountId } {
    const found = state.head.previousValidators.validators[index];
    if (found === undefined) throw new Error("there are four");
    return found;
  }
});

describe("signatures of the own key that the log does not hold", () => {
  const digest = toDigest(new Uint8Array(32).fill(5));
  const at = { sequence: toSequence(1), view: toView(0), digest };
  const signature = new Uint8Array(64) as never;
  const vote = { ...at, voter: toValidatorIndex(0), signature };

  /** Whether the replica falls silent over what it is told, and asks to be believed by nobody. */
  function isCaught(occurrence: Occurrence, log: readonly Uint8Array[] = []): boolean {
    const { replica, input } = replicaOf({ log });
    input(occurrence);
    const { effects, state } = replica;
    const kinds = effects.map((effect) => effect.type);
    const isSaid = effects.some(
      (effect) => effect.type === "report" && effect.event.type === "own-signature",
    );
    const isDurable = effects.some(
      (effect) =>
        effect.type === "persist" && effect.entries.some((entry) => entry.type === "listen"),
    );
    expect([isSaid, isDurable]).toEqual([state.listening !== undefined, isSaid]);
    if (isSaid) expect(kinds).toContain("ask-signed-heads");
    return state.listening?.cause === "own-signature";
  }

  const certificateBy = (voters: readonly number[], phase: "prepare" | "commit") => {
    const { set } = createMembership([1, 1, 1, 1]);
    const votes = voters.map((voter) => ({ ...vote, voter: toValidatorIndex(voter) }));
    return createCertificate({ phase, vote: at, set, votes });
  };
  const request = (voters: readonly number[]): Occurrence => {
    const { set } = createMembership([1, 1, 1, 1]);
    const { head } = new Counter(GENESIS, set);
    const prepared = { view: at.view, digest };
    const body = { validators: set.hash, sequence: at.sequence, newView: toView(1) };
    return {
      type: "message",
      from: undefined,
      message: {
        type: "view-change",
        body: { ...body, parent: head.digest, prepared },
        voter: toValidatorIndex(1),
        signature,
        parentCertificate: undefined,
        prepareCertificate: certificateBy(voters, "prepare"),
      },
    };
  };

  test.each(["prepare", "commit"] as const)("a %s, of this or the next sequence", (type) => {
    const message = (sequence: number, voter: number): Occurrence => ({
      type: "message",
      from: undefined,
      message: { type, ...vote, sequence: toSequence(sequence), voter: toValidatorIndex(voter) },
    });
    const known = SigningRecord.encode({ entries: [{ type: "vote", phase: type, ...at }] });

    expect(isCaught(message(1, 0))).toBe(true);
    expect(isCaught(message(2, 0))).toBe(true);
    expect(isCaught(message(1, 1))).toBe(false);
    expect(isCaught(message(1, 0), [known])).toBe(false);
    // Of what is further away no signature was verified.
    expect(isCaught(message(3, 0))).toBe(false);
  });

  test("a vote in a certificate that another's message brings", () => {
    expect(isCaught(request([0, 1, 2]))).toBe(true);
    expect(isCaught(request([1, 2, 3]))).toBe(false);
  });

  test("a vote in the certificate of a block that it catches up with", () => {
    const source = new Cluster().startAll();
    source.work();
    source.run({ forMs: 5_000, until: () => source.height(1) === 1 });
    const [finalized] = source.node(1).app.blocks;
    if (finalized === undefined) throw new Error("there is one");
    const { set, members } = createMembership([1, 1, 1, 1]);
    const { certificate } = finalized;
    const { sequence, view } = certificate;
    const votes = (voters: readonly number[]) =>
      voters.map((voter) => ({
        sequence,
        view,
        digest: certificate.digest,
        voter: toValidatorIndex(voter),
        signature,
      }));
    const by = (voters: readonly number[]): Occurrence => ({
      type: "finalized",
      finalized: {
        ...finalized,
        certificate: createCertificate({
          phase: "commit",
          vote: certificate,
          set,
          votes: votes(voters),
        }),
      },
    });

    expect(members.length).toBe(4);
    expect(isCaught(by([0, 1, 2]))).toBe(true);
    expect(isCaught(by([1, 2, 3]))).toBe(false);
  });
});
