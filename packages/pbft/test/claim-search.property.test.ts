import {
  type AccountId,
  type Block,
  blockDigest,
  type ConsensusMessage,
  createCertificate,
  type Digest,
  equalBytes,
  type Phase,
  parentCertificateRoot,
  toTimestamp,
  toValidatorIndex,
  toView,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Effect, Occurrence, State } from "../src/index.ts";
import { step } from "../src/step.ts";
import type { Cluster } from "./cluster.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const claim = new TextEncoder().encode("a lie");

/** Changes by which a block is refused before the application is asked about it. */
const DEFECTS: Readonly<Record<string, (block: Block, other: AccountId) => Block>> = {
  none: (block) => block,
  "record of leaders": (block) => withHeader(block, { leadership: ZERO_DIGEST }),
  "another parent": (block) => withHeader(block, { parent: ZERO_DIGEST }),
  "another chain": (block) => withHeader(block, { chain: ZERO_DIGEST }),
  "another set": (block) => withHeader(block, { validators: ZERO_DIGEST }),
  "too soon": (block) => withHeader(block, { timestamp: toTimestamp(0) }),
  "far ahead": (block) => {
    return withHeader(block, { timestamp: toTimestamp(block.header.timestamp + 3_600_000) });
  },
  "another proposer": (block, proposer) => withHeader(block, { proposer }),
  "no parent certificate": (block) => {
    const parentCertificate = undefined;
    const root = parentCertificateRoot(parentCertificate);
    return { ...withHeader(block, { parentCertificateRoot: root }), parentCertificate };
  },
};

function withHeader(block: Block, change: Partial<Block["header"]>): Block {
  return { ...block, header: { ...block.header, ...change } };
}

type SignedVote = Extract<ConsensusMessage, { readonly type: Phase }>;

function signedVote(
  cluster: Cluster,
  voter: number,
  type: Phase,
  vote: { readonly digest: Digest; readonly sequence: State["sequence"] },
): SignedVote {
  const body = { type, ...vote, view: toView(0), voter: toValidatorIndex(voter) };
  const message = cluster.sign(voter, body);
  if (message.type !== "prepare" && message.type !== "commit") throw new Error("a vote");
  return message;
}

function convicted(cluster: Cluster): readonly number[] {
  const wrong = cluster.evidence.filter(({ type }) => type === "false-header");
  return cluster.nodes.flatMap(({ config }, index) =>
    wrong.some(({ validator }) => equalBytes(validator, config.id)) ? [index] : [],
  );
}

/** A replica that hears of a block with a lie and another defect, and the block. */
function stageOf(defect: string) {
  const stage = createRuleStage(3);
  const { cluster, me, state } = stage;
  const leader = cluster.leader(2, 0);
  const change = DEFECTS[defect];
  if (change === undefined) throw new Error(`no defect ${defect}`);
  const block = change(at(stage.blocks, 0), cluster.node(me).config.id);
  const digest = blockDigest(block.header);
  const isLie = (one: Block): boolean => equalBytes(blockDigest(one.header), digest);
  for (const { app } of cluster.nodes) {
    app.shownOf = (one) => (isLie(one) ? claim : undefined);
    // Some defects are for the application to see, and it says nothing of the lie then.
    app.override = (one) => (isLie(one) ? { type: "refused", reason: defect } : undefined);
    const commit = app.commit.bind(app);
    app.commit = (finalized, leadership) => {
      if (isLie(finalized.block)) throw new Error(defect);
      return commit(finalized, leadership);
    };
  }
  const { sequence } = state;
  // In view 0 there is nothing but the lie: the others agree in a later view.
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    const isFirst =
      message.type === "pre-prepare"
        ? message.proposal.sequence === sequence
        : message.type === "prepare" && message.sequence === sequence && message.view === 0;
    if (!isFirst) send(from, to, message);
  };
  cluster.framed.add(leader);
  const proposal = { sequence, view: toView(0), digest, leader: toValidatorIndex(leader) };
  return {
    ...stage,
    propose: () => {
      const message = { type: "pre-prepare", proposal, outline: undefined } as const;
      cluster.receive(me, cluster.sign(leader, message), leader);
      cluster.input(me, { type: "block", digest, block });
    },
    /** A peer gives the block with its certificate. */
    finalize: (voters: readonly number[]) => {
      const set = state.head.validators;
      const vote = { sequence, view: toView(0), digest };
      const signed = voters.map((voter) => signedVote(cluster, voter, "commit", vote));
      const certificate = createCertificate({ phase: "commit", vote, set, votes: signed });
      cluster.input(me, { type: "finalized", finalized: { block, certificate } });
    },
    vote: (voter: number, phase: Phase) =>
      cluster.receive(me, signedVote(cluster, voter, phase, { sequence, digest }), voter),
    others: [0, 1, 2, 3].filter((index) => index !== me),
  };
}

const votes = fc.record({
  phase: fc.constantFrom<Phase>("prepare", "commit"),
  when: fc.constantFrom("before", "after", "searched", "final"),
});

describe("P5 P36: whatever else is wrong with a block", () => {
  test("each who votes for its lie is convicted, whenever the vote comes, and nobody else is", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(DEFECTS)),
        fc.array(fc.option(votes, { nil: undefined }), { minLength: 3, maxLength: 3 }),
        (defect, drawn) => {
          const { cluster, me, propose, vote, others } = stageOf(defect);
          const cast = drawn.flatMap((one, index) =>
            one === undefined ? [] : [{ ...one, voter: at(others, index) }],
          );
          for (const { voter } of cast) cluster.framed.add(voter);
          const castWhen = (moment: string): void => {
            for (const { when, voter, phase } of cast) if (when === moment) vote(voter, phase);
          };
          castWhen("before");
          propose();
          castWhen("after");
          cluster.run({ forMs: 20 });
          castWhen("searched");
          cluster.run({ forMs: 20 });
          cluster.work();
          const early = (wanted: Phase): number =>
            cast.filter(({ when, phase }) => when !== "final" && phase === wanted).length;
          const isFinal = (): boolean =>
            cluster.nodes.every(
              (_, index) => cluster.diverged.includes(index) || cluster.height(index) >= 2,
            );
          // Three that prepare a lie are a quorum and more than may be wrong: it stays prepared.
          const isFinalInTime = cluster.run({ forMs: 120_000, until: isFinal });
          expect(isFinalInTime || early("prepare") === 3).toBe(true);
          castWhen("final");
          cluster.run({ forMs: 20 });
          // A replica of which three others say that a lie is final stops, and knows who they are.
          expect(cluster.diverged).toEqual(early("commit") === 3 ? [me] : []);

          expect(convicted(cluster)).toEqual(
            cast.map(({ voter }) => voter).toSorted((left, right) => left - right),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("the signers of a certificate for it are convicted too", () => {
    const { cluster, me, propose, others, state, config } = stageOf("record of leaders");
    for (const index of others) cluster.framed.add(index);
    propose();
    const digest = at(cluster.state(me).blocks, 0).digest;
    const vote = { sequence: state.sequence, view: toView(0), digest };
    const set = state.head.validators;
    const signed = others.map((index) => signedVote(cluster, index, "prepare", vote));
    const prepareCertificate = createCertificate({ phase: "prepare", vote, set, votes: signed });
    const [voter = 0] = others;
    const body = {
      validators: set.hash,
      sequence: state.sequence,
      newView: toView(2),
      parent: state.head.digest,
      prepared: { view: vote.view, digest },
    };
    const request = { type: "view-change", body, prepareCertificate } as const;
    const rest = { voter: toValidatorIndex(voter), parentCertificate: state.head.certificate };

    cluster.receive(me, cluster.sign(voter, { ...request, ...rest }), voter);
    cluster.run({ forMs: 20 });

    expect(config.id).toBeDefined();
    expect(convicted(cluster)).toEqual(others);
  });

  test.each(["before", "after", "with", "for"])(
    "a replica that must stop for a lying quorum, heard %s the block, first finds out who they are",
    (when) => {
      for (const defect of Object.keys(DEFECTS)) {
        const { cluster, me, propose, vote, finalize, others } = stageOf(defect);
        for (const index of others) cluster.framed.add(index);
        const voteAll = (): void => others.forEach((index) => vote(index, "commit"));
        if (when === "before") voteAll();
        if (when !== "for") propose();
        if (when === "after") voteAll();
        if (when === "with" || when === "for") finalize(others);
        cluster.run({ forMs: 20 });

        expect(convicted(cluster)).toEqual(others);
        expect(cluster.diverged).toEqual([me]);
      }
    },
  );

  test("a search that outlasts several blocks convicts all the same", () => {
    const { cluster, me, propose, vote, others } = stageOf("record of leaders");
    const [first = 0, second = 0] = others;
    for (const index of [first, second]) cluster.framed.add(index);
    cluster.node(me).app.searchMs = 30_000;
    propose();
    vote(first, "prepare");
    vote(second, "commit");
    for (let height = 2; height <= 5; height++) {
      cluster.work();
      const isFinal = (): boolean => cluster.heights().every((one) => one >= height);
      expect(cluster.run({ forMs: 20_000, until: isFinal })).toBe(true);
    }
    expect(convicted(cluster)).toEqual([]);

    cluster.run({ forMs: 40_000 });

    expect(convicted(cluster)).toEqual([first, second].toSorted((left, right) => left - right));
  });
});

describe("work for others", () => {
  const stage = stageOf("record of leaders");
  const { me, config, blocks, digests } = stage;
  const { validators: set } = stage.state.head;
  const known = (index: number, verdict: "refused" | "accepted" | "unchecked") => ({
    digest: at(digests, index),
    block: at(blocks, index),
    verdict,
    reason: "",
    claim: undefined,
    durable: false,
  });
  const now = stage.cluster.now;
  const perform = (state: State, occurrence: Occurrence) =>
    step(config, state, { ...occurrence, now, elapsed: now });
  const voteOf = (voter: number, index: number): Occurrence => {
    const vote = { sequence: stage.state.sequence, digest: at(digests, index) };
    return {
      type: "message",
      message: signedVote(stage.cluster, voter, "prepare", vote),
      from: at(set.validators, voter).id,
    };
  };
  const searches = (effects: readonly Effect[]) =>
    only({ effects: [...effects] }, "find-claim").map(({ digest }) => digest);

  test("a block is searched only after a vote of another, only if it was not accepted, once", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("refused" as const, "accepted" as const, "unchecked" as const),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
        (verdict, voters) => {
          let state: State = { ...stage.state, blocks: [known(0, verdict)] };
          const asked: Digest[] = [];
          let isHeard = false;
          for (const voter of voters) {
            const next = perform(state, voteOf(voter, 0));
            isHeard ||= voter !== me;
            asked.push(...searches(next.effects));
            expect(asked).toEqual(isHeard && verdict !== "accepted" ? [digests[0]] : []);
            state = next.state;
            if (asked.length === 0) continue;
            const answer = { type: "claim", digest: at(digests, 0), claim: undefined } as const;
            const answered = perform(state, answer);
            expect(searches(answered.effects)).toEqual([]);
            state = answered.state;
          }
        },
      ),
    );
  });

  test("one block is searched at a time, in the order in which they came", () => {
    let state: State = { ...stage.state, blocks: [known(0, "refused"), known(1, "refused")] };
    const [first, second] = [0, 1, 2, 3].filter((index) => index !== me);
    if (first === undefined || second === undefined) throw new Error("three others");
    const asked = [voteOf(first, 1), voteOf(second, 0)].map((occurrence) => {
      const next = perform(state, occurrence);
      state = next.state;
      return searches(next.effects);
    });
    expect(asked).toEqual([[digests[1]], []]);

    const wrong = perform(state, { type: "claim", digest: at(digests, 0), claim });
    expect(wrong.state.evidence).toEqual([]);
    expect(only({ effects: [...wrong.effects] }, "discard")).toMatchObject([
      { input: "claim", reason: "not-asked-for" },
    ]);
    const answered = perform(state, { type: "claim", digest: at(digests, 1), claim });
    expect(searches(answered.effects)).toEqual([digests[0]]);
    expect(answered.state.evidence.map(({ evidence }) => evidence)).toMatchObject([
      { type: "false-header", validator: at(set.validators, first).id, claim },
    ]);
  });

  test("a block that is going to be validated waits for that, and one that does not vote searches none", () => {
    const [voter = 0] = [0, 1, 2, 3].filter((index) => index !== me);
    const waiting: State = {
      ...stage.state,
      blocks: [known(0, "unchecked")],
      validating: at(digests, 0),
    };
    expect(searches(perform(waiting, voteOf(voter, 0)).effects)).toEqual([]);
    const follower: State = { ...stage.state, blocks: [known(0, "refused")], me: undefined };
    expect(searches(perform(follower, voteOf(voter, 0)).effects)).toEqual([]);
  });
});
