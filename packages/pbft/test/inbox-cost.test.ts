import {
  type AccountId,
  type Block,
  type BlockOutline,
  blockDigest,
  type ConsensusMessage,
  compareBytes,
  type Digest,
  outlineOf,
  sha256,
  toAccountId,
  toRoot,
  toSequence,
  toSignature,
  toTimestamp,
  toValidatorIndex,
  toView,
  verifySigned,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBoundaryStash } from "../src/inbox/boundary-stash.ts";
import { verificationLimit } from "../src/inbox/sender-budget.ts";
import { leaderOf, type Statement, signStatement } from "../src/index.ts";
import { createMembership, GENESIS, type Member } from "./keys.ts";
import { createRig, type Rig, rigParameters } from "./rig.ts";

const digestOf = (serial: number): Digest => sha256(new TextEncoder().encode(`block ${serial}`));

/** A replica, the one of index 1, that counts what it verifies; the others are the test's. */
async function createCounted(n = 4): Promise<{
  readonly rig: Rig;
  readonly members: readonly Member[];
  readonly verified: () => number;
  readonly say: (statement: Statement) => ConsensusMessage;
}> {
  let count = 0;
  const membership = createMembership(
    Array.from({ length: n }, () => 1),
    "ed25519",
  );
  const { members } = membership;
  const own = members[n === 1 ? 0 : 1];
  const rig = createRig({
    membership: {
      ...membership,
      members: members.toSorted((left) => (left === own ? -1 : 0)),
    },
    replica: {
      verify: (key, object, signature) => {
        count += 1;
        return verifySigned(key, object, signature);
      },
    },
  });
  await rig.replica.start();
  await rig.pass(1_000);
  const before = count;
  const say = (statement: Statement): ConsensusMessage => {
    const index =
      statement.type === "pre-prepare" || statement.type === "new-view"
        ? statement.proposal.leader
        : statement.voter;
    const signer = members[index]?.signer;
    if (signer === undefined) throw new Error("nobody of that index");
    return signStatement({ statement, genesis: GENESIS, signer });
  };
  return { rig, members, verified: () => count - before, say };
}

function blockOf(rig: Rig, proposer: AccountId | undefined): Block {
  const block = rig.counter.propose({
    sequence: toSequence(1),
    timestamp: toTimestamp(2_000),
    proposer: proposer ?? rig.counter.head.header.proposer,
    parentCertificate: undefined,
    evidence: [],
    reason: "heartbeat",
  });
  if (block === undefined) throw new Error("a heartbeat has a block");
  return block;
}

/** The outline of a block, and how often anybody looked into its body. */
function watched(block: Block): { readonly outline: BlockOutline; readonly looks: () => number } {
  let looks = 0;
  const { items, ...rest } = outlineOf(block);
  const spied = {
    ...rest,
    get items() {
      looks += 1;
      return items;
    },
  };
  return { outline: spied, looks: () => looks };
}

const at = (sequence: number, view: number, digest = digestOf(0)) =>
  ({ sequence: toSequence(sequence), view: toView(view), digest }) as const;

describe("what cannot be used costs no verification", () => {
  test("votes of far sequences, long final ones, of nobody, and repeated ones", async () => {
    const { rig, members, verified, say } = await createCounted();
    const from = members[2]?.id;
    const voter = toValidatorIndex(2);
    const vote = say({ type: "prepare", ...at(1, 0), voter });
    const outside = { ...vote, voter: toValidatorIndex(9) } as ConsensusMessage;
    const far = say({ type: "commit", ...at(99, 0), voter });
    for (let time = 0; time < 50; time++) {
      for (const each of [outside, far]) rig.handlers().message(each, from);
    }
    await rig.pass(10);
    expect(verified()).toBe(0);

    for (let time = 0; time < 50; time++) rig.handlers().message(vote, from);
    await rig.pass(10);
    expect(verified()).toBe(1);
    await rig.replica.stop();
  });

  test("proposals of who does not lead, of other views, and their blocks", async () => {
    const { rig, members, verified, say } = await createCounted();
    const leader = leaderOf(rig.membership.set, toSequence(1), toView(0));
    const other = toValidatorIndex(leader === 3 ? 2 : 3);
    const { outline, looks } = watched(blockOf(rig, members[other]?.id));
    const digest = blockDigest(outline.header);
    const wrong = say({
      type: "pre-prepare",
      proposal: { ...at(1, 0, digest), leader: other },
      outline,
    });
    const later = say({
      type: "pre-prepare",
      proposal: { ...at(1, 3, digest), leader },
      outline,
    });
    for (const each of [wrong, later]) {
      rig.handlers().message(each, members[other]?.id);
    }
    await rig.pass(10);
    expect([verified(), looks()]).toEqual([0, 0]);
    await rig.replica.stop();
  });

  test("a second block of a leader is not looked into: its signature convicts", async () => {
    const { rig, members, verified, say } = await createCounted();
    const leader = leaderOf(rig.membership.set, toSequence(1), toView(0));
    const from = members[leader]?.id;
    const first = blockOf(rig, members[leader]?.id);
    const second = watched({
      ...first,
      header: { ...first.header, timestamp: toTimestamp(2_001) },
    });
    for (const outline of [outlineOf(first), second.outline]) {
      const proposal = { ...at(1, 0, blockDigest(outline.header)), leader };
      rig.handlers().message(say({ type: "pre-prepare", proposal, outline }), from);
      await rig.pass(10);
    }

    expect(second.looks()).toBe(0);
    // Both proposals, the own PREPARE, and what evidence is checked with.
    expect(verified()).toBeLessThanOrEqual(6);
    expect(rig.events.filter(({ type }) => type === "evidence")).toHaveLength(1);
    await rig.replica.stop();
  });

  test("a NewView without a quorum, and one of who does not lead", async () => {
    const { rig, members, verified, say } = await createCounted();
    const { set } = rig.membership;
    const [one, two] = [toView(2), toView(3)];
    const leader = leaderOf(set, toSequence(1), one);
    const parent = rig.counter.head.digest;
    const body = { validators: set.hash, sequence: toSequence(1), parent, prepared: undefined };
    const votes = [0, 1, 2, 3].map((index) => {
      const voter = toValidatorIndex(index);
      const request = say({
        type: "view-change",
        body: { ...body, newView: one },
        voter,
        parentCertificate: undefined,
        prepareCertificate: undefined,
      });
      if (request.type !== "view-change") throw new Error("a request");
      return { voter, prepared: undefined, signature: request.signature };
    });
    const rest = { parent, parentCertificate: undefined, prepareCertificate: undefined };
    const few = say({
      type: "new-view",
      proposal: { ...at(1, 2), leader },
      votes: votes.slice(0, 2),
      ...rest,
    });
    const wrong =
      leaderOf(set, toSequence(1), two) === leader ? 0 : leaderOf(set, toSequence(1), two);
    const stranger = say({
      type: "new-view",
      proposal: { ...at(1, 2), leader: toValidatorIndex(wrong) },
      votes,
      ...rest,
    });
    for (const each of [few, stranger]) {
      rig.handlers().message(each, members[leader]?.id);
    }
    await rig.pass(10);

    expect(verified()).toBe(0);
    await rig.replica.stop();
  });
});

describe("the verifications that one sender can cause", () => {
  test.each([4, 7])(
    "a flood of authentic votes of n = %i costs the burst and the rate, and no more",
    async (n) => {
      const { rig, members, verified, say } = await createCounted(n);
      const limit = verificationLimit(rigParameters, n);
      const voter = toValidatorIndex(2);
      const from = members[2]?.id;
      let view = 0;
      const [rounds, stepMs] = [20, 100];
      for (let round = 0; round < rounds; round++) {
        for (let time = 0; time < 100; time++) {
          view += 1;
          rig.handlers().message(say({ type: "prepare", ...at(1, view), voter }), from);
        }
        await rig.pass(stepMs);
      }
      const most = limit.burst + (limit.perSecond * rounds * stepMs) / 1_000;

      expect(view).toBeGreaterThan(2 * most);
      expect(verified()).toBeGreaterThan(limit.burst);
      expect(verified()).toBeLessThanOrEqual(most + 1);
      await rig.replica.stop();
    },
  );

  test("forged NewViews of the leader cost no more, nor does what is relayed", async () => {
    for (const isRelayed of [false, true]) {
      const { rig, members, verified, say } = await createCounted();
      const limit = verificationLimit(rigParameters, 4);
      const leader = leaderOf(rig.membership.set, toSequence(1), toView(2));
      const from = isRelayed ? undefined : members[leader]?.id;
      const bytes = new Uint8Array(64).fill(5);
      const votes = [0, 1, 2].map((voter) => ({
        voter: toValidatorIndex(voter),
        prepared: undefined,
      }));
      for (let serial = 0; serial < 400; serial++) {
        const message = say({
          type: "new-view",
          proposal: { ...at(1, 2, digestOf(serial)), leader },
          parent: rig.counter.head.digest,
          votes: votes.map((vote) => ({ ...vote, signature: toSignature(bytes.slice()) })),
          parentCertificate: undefined,
          prepareCertificate: undefined,
        });
        rig.handlers().message(message, from);
        await rig.pass(1);
      }

      expect(verified()).toBeLessThanOrEqual(limit.burst + 0.4 * limit.perSecond + 4);
      await rig.replica.stop();
    }
  });

  test("of a leader whose blocks do not belong to their headers one of a sequence is hashed", async () => {
    const { rig, members, say } = await createCounted();
    const leader = leaderOf(rig.membership.set, toSequence(1), toView(0));
    const from = members[leader]?.id;
    let looks = 0;
    for (let serial = 0; serial < 30; serial++) {
      const { header, ...rest } = blockOf(rig, from);
      const other = { ...header, payloadRoot: toRoot(digestOf(serial)) };
      const spied = watched({ ...rest, header: other });
      const proposal = { ...at(1, 0, blockDigest(other)), leader };
      const { outline } = spied;
      rig.handlers().message(say({ type: "pre-prepare", proposal, outline }), from);
      await rig.pass(1);
      looks += spied.looks();
    }

    expect(rig.replica.status().running).toBe(true);
    // Once to hash its names, once to count them.
    expect(looks).toBe(2);
    await rig.replica.stop();
  });

  test("others are heard all the while: a flood within the rate or beyond stops no round", async () => {
    const { rig, members, say } = await createCounted();
    const from = members[2]?.id;
    const leader = leaderOf(rig.membership.set, toSequence(1), toView(0));
    let view = 10;
    const flood = async (): Promise<void> => {
      for (let time = 0; time < 300; time++) {
        view += 1;
        const voter = toValidatorIndex(2);
        rig.handlers().message(say({ type: "prepare", ...at(1, view), voter }), from);
      }
    };
    await flood();
    const block = blockOf(rig, members[leader]?.id);
    const digest = blockDigest(block.header);
    const proposal = { ...at(1, 0, digest), leader };
    rig
      .handlers()
      .message(
        say({ type: "pre-prepare", proposal, outline: outlineOf(block) }),
        members[leader]?.id,
      );
    for (const type of ["prepare", "commit"] as const) {
      for (const index of [0, 3]) {
        await flood();
        const voter = toValidatorIndex(index);
        const vote = say({ type, ...at(1, 0, digest), voter });
        rig.handlers().message(vote, members[index]?.id);
      }
    }
    await rig.pass(100);

    expect(rig.counter.head.header.sequence).toBe(1);
    await rig.replica.stop();
  });
});

describe("what peers ask for", () => {
  const asked = 400;

  test("forged evidence of a validator costs the burst, and no more", async () => {
    const { rig, members, verified } = await createCounted();
    const [accused, sender] = [members[2], members[3]];
    if (accused === undefined || sender === undefined) throw new Error("there are four");
    const half = (serial: number) => ({
      digest: digestOf(serial),
      signature: toSignature(new Uint8Array(64).fill(5)),
    });
    for (let serial = 0; serial < asked; serial++) {
      const [first, second] = [half(serial), half(serial + asked)].toSorted((left, right) =>
        compareBytes(left.digest, right.digest),
      );
      if (first === undefined || second === undefined) throw new Error("a pair has two");
      const item = {
        type: "double-vote",
        validator: accused.id,
        key: accused.signer.publicKey,
        phase: "prepare",
        ...at(1, 0),
        first,
        second,
      } as const;
      await rig.handlers().request({ type: "evidence", item }, sender.id);
    }

    const { burst } = verificationLimit(rigParameters, 4);
    expect(verified()).toBeGreaterThan(0);
    expect(verified()).toBeLessThanOrEqual(burst + 1);
    await rig.replica.stop();
  });

  test("a stranger gets as many signed heads as a sender has verifications, and bars nobody else", async () => {
    const { rig, members } = await createCounted();
    const ask = (from: AccountId, serial: number) =>
      rig
        .handlers()
        .request(
          { type: "signed-head", nonce: digestOf(serial), validator: from, listening: false },
          from,
        );
    const stranger = toAccountId(digestOf(7));
    let answers = 0;
    for (let serial = 0; serial < asked; serial++) {
      if ((await ask(stranger, serial)).type === "signed-head") answers += 1;
    }
    const other = members[2]?.id;
    if (other === undefined) throw new Error("there are four");

    expect(answers).toBe(verificationLimit(rigParameters, 4).burst);
    expect((await ask(other, 0)).type).toBe("signed-head");
    await rig.replica.stop();
  });
});

describe("what is held for a boundary", () => {
  test("of one sender 16 messages and one block, of who shares an account no block", () => {
    const { say, block } = createProposals();
    const sent = fc.record({
      sender: fc.nat(3),
      view: fc.nat(40),
      hasBlock: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 200 }), (all) => {
        const stash = createBoundaryStash();
        const of = new Map<number, ConsensusMessage[]>();
        for (const { sender, view, hasBlock } of all) {
          const message = say(view, hasBlock ? block : undefined);
          const account = { name: String(sender), isShared: sender < 2 };
          const isHeld = stash.hold({ message, from: undefined }, account);
          if (isHeld) of.set(sender, [...(of.get(sender) ?? []), message]);
        }
        const blocks = stash
          .release()
          .filter(({ message }) => message.type === "pre-prepare" && message.outline !== undefined);
        const own = [2, 3].filter((sender) =>
          all.some((each) => each.sender === sender && each.hasBlock),
        );
        for (const messages of of.values()) expect(messages.length).toBeLessThanOrEqual(16);
        expect(blocks.length).toBeLessThanOrEqual(own.length);
        expect(stash.release()).toEqual([]);
      }),
    );
  });
});

/** Proposals of the next sequence, by anybody. */
function createProposals(): {
  readonly block: Block;
  readonly say: (view: number, block: Block | undefined) => ConsensusMessage;
} {
  const { counter } = createRig();
  const block = counter.propose({
    sequence: toSequence(1),
    timestamp: toTimestamp(2_000),
    proposer: counter.head.header.proposer,
    parentCertificate: undefined,
    evidence: [],
    reason: "heartbeat",
  });
  if (block === undefined) throw new Error("a heartbeat has a block");
  const signature = toSignature(new Uint8Array(64));
  const say = (view: number, held: Block | undefined): ConsensusMessage => ({
    type: "pre-prepare",
    proposal: { ...at(2, view), leader: toValidatorIndex(1), signature },
    outline: held === undefined ? undefined : outlineOf(held),
  });
  return { block, say };
}

describe("what came too late", () => {
  test("a forged proposal of the sequence before accuses nobody", async () => {
    const { rig, say } = await createCounted(1);
    await rig.finalize();
    const leader = toValidatorIndex(0);
    const genuine = say({
      type: "pre-prepare",
      proposal: { ...at(1, 0), leader },
      outline: undefined,
    });
    if (genuine.type !== "pre-prepare") throw new Error("a proposal");
    const forged = { ...genuine, proposal: { ...genuine.proposal, ...at(1, 0, digestOf(7)) } };
    rig.handlers().message(forged, undefined);
    await rig.pass(100);

    expect(rig.events.filter(({ type }) => type === "evidence")).toEqual([]);
    await rig.replica.stop();
  });
});
