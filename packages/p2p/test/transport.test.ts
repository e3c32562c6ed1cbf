import {
  blockDigest,
  ConsensusMessage,
  compareBytes,
  SyncResponse,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import { P2pError } from "../src/index.ts";
import { commit, identity, setOf, startNet, startNode, type TestNode, until } from "./localnet.ts";
import { block, finalized, proposal } from "./wire-values.ts";

const running: TestNode[] = [];
const never = new AbortController().signal;

async function net(count: number): Promise<readonly TestNode[]> {
  const nodes = await startNet(count);
  running.push(...nodes);
  return nodes;
}

async function pair(): Promise<readonly [TestNode, TestNode]> {
  const [left, right] = await net(2);
  if (left === undefined || right === undefined) throw new Error("no pair");
  return [left, right];
}

afterEach(async () => {
  await Promise.all(running.splice(0).map(({ transport }) => transport.stop()));
});

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof P2pError ? error.fault : error;
}

describe("messages", () => {
  test("a broadcast reaches all others with its authenticated sender, and not the sender", async () => {
    const nodes = await net(4);
    const [first, ...others] = nodes;
    first?.transport.broadcast(commit(1));
    await until(() => others.every(({ messages }) => messages.length === 1));

    for (const { messages } of others) {
      expect(messages).toEqual([{ message: commit(1), from: first?.identity.id }]);
    }
    expect(first?.messages).toEqual([]);
  });

  test("a message for one reaches that one alone", async () => {
    const [first, second, third] = await net(3);
    if (second === undefined) throw new Error("no second");
    first?.transport.send(second.identity.id, commit(1));
    await until(() => second.messages.length === 1);
    // A stray message would arrive before this one.
    first?.transport.broadcast(commit(2));
    await until(() => third?.messages.length === 1);

    expect(third?.messages.map(({ message }) => message)).toEqual([commit(2)]);
  });

  test("1,000 messages of one sender arrive in order, repeated ones each time", async () => {
    const [left, right] = await pair();
    const sent = Array.from({ length: 1_000 }, (_, at) => commit(at - (at % 2)));
    for (const message of sent) left.transport.send(right.identity.id, message);
    await until(() => right.messages.length === sent.length);

    expect(right.messages.map(({ message }) => message)).toEqual(sent);
  });

  test("a proposal of 4 MB arrives whole at all others, and the vote behind it too", async () => {
    const nodes = await net(4);
    const [first, ...others] = nodes;
    const large = proposal(1, 4);
    first?.transport.broadcast(large);
    first?.transport.broadcast(commit(1));
    await until(() => others.every(({ messages }) => messages.length === 2), 30_000);

    const digests = [large, commit(1)].map((message) => ConsensusMessage.digest(message));
    for (const { messages } of others) {
      expect(messages.map(({ message }) => ConsensusMessage.digest(message))).toEqual(digests);
    }
  });

  test("a message with a part over its bound is refused where it is made", async () => {
    const [left] = await pair();

    expect(() => left.transport.broadcast(proposal(1, 5))).toThrow(
      /pre-prepare\.outline.*more than/,
    );
  });
});

describe("peers", () => {
  test("a transport knows the other validators, ascending, each announced once", async () => {
    const nodes = await net(4);
    for (const { transport, identity: own, reachable } of nodes) {
      const others = nodes
        .map(({ identity: { id } }) => id)
        .filter((id) => compareBytes(id, own.id) !== 0)
        .toSorted(compareBytes);

      expect(transport.peers()).toEqual(others);
      expect(reachable.toSorted(compareBytes)).toEqual(others);
    }
  });

  test("a validator that joins the set is announced without a new connection", async () => {
    const [left, right] = [identity("left"), identity("right")];
    const before = setOf([left]);
    let current = before;
    const options = { validators: () => current };
    const first = await startNode(left, before, options);
    const second = await startNode(right, before, {
      ...options,
      bootstrap: first.transport.addresses(),
    });
    running.push(first, second);
    await until(() => first.transport.connections().length === 1);
    expect(first.transport.peers()).toEqual([]);

    current = setOf([left, right]);
    first.transport.broadcast(commit(1));
    await until(() => second.messages.length === 1);

    expect(first.reachable).toEqual([right.id]);
  });

  test("handlers are attached once; after stop nothing is reachable and nothing throws", async () => {
    const [left, right] = await pair();
    const handlers = { message() {}, request: () => Promise.reject(new Error()), connected() {} };
    expect(() => left.transport.attach(handlers)).toThrow(P2pError);

    await left.transport.stop();
    await left.transport.stop();
    left.transport.broadcast(commit(1));
    left.transport.send(right.identity.id, commit(1));

    expect(left.transport.peers()).toEqual([]);
    const question = left.transport.request(
      right.identity.id,
      { type: "head", known: toSequence(0) },
      never,
    );
    expect(await faultOf(question)).toMatchObject({ code: "UNREACHABLE" });
  });
});

describe("requests", () => {
  const head = { type: "head", known: toSequence(0) } as const;

  test("the one who is asked answers, and knows who asked", async () => {
    const [left, right] = await pair();
    const askers: unknown[] = [];
    right.answer = (request, from) => {
      askers.push(request, from);
      return Promise.resolve({
        type: "head",
        sequence: toSequence(5),
        digest: ZERO_DIGEST,
        oldest: toSequence(1),
      });
    };
    const answer = await left.transport.request(right.identity.id, head, never);

    expect(answer).toEqual({
      type: "head",
      sequence: 5,
      digest: ZERO_DIGEST,
      oldest: toSequence(1),
    });
    expect(askers).toEqual([head, left.identity.id]);
  });

  test("blocks of more bytes than an answer may have are cut to those that fit", async () => {
    const [left, right] = await pair();
    const blocks = [finalized(1, 6), finalized(2, 6), finalized(3, 6)];
    right.answer = () => Promise.resolve({ type: "blocks", blocks });
    const request = { type: "blocks", from: toSequence(1), count: 3 } as const;
    const answer = await left.transport.request(right.identity.id, request, never);

    const expected = { type: "blocks", blocks: blocks.slice(0, 2) } as const;
    expect(SyncResponse.digest(answer)).toEqual(SyncResponse.digest(expected));
  });

  test("B13: blocks at other positions than asked for are no answer", async () => {
    const [left, right] = await pair();
    right.answer = () => Promise.resolve({ type: "blocks", blocks: [finalized(1), finalized(3)] });
    const request = { type: "blocks", from: toSequence(1), count: 3 } as const;
    const answer = left.transport.request(right.identity.id, request, never);

    expect(await faultOf(answer)).toMatchObject({ code: "BAD_ANSWER" });
  });

  test("B13: a block with another digest than asked for is no answer", async () => {
    const [left, right] = await pair();
    right.answer = () => Promise.resolve({ type: "block", block: block(2) });
    const ask = (digest: typeof ZERO_DIGEST) =>
      left.transport.request(right.identity.id, { type: "block", digest }, never);

    expect(await faultOf(ask(blockDigest(block(1).header)))).toMatchObject({ code: "BAD_ANSWER" });
    expect(await ask(blockDigest(block(2).header))).toEqual({ type: "block", block: block(2) });
  });

  test("B14: a peer whose reported height falls is disconnected", async () => {
    const [left, right] = await pair();
    const heights = [7, 9, 8];
    right.answer = () =>
      Promise.resolve({
        type: "head",
        sequence: toSequence(heights.shift() ?? 0),
        digest: ZERO_DIGEST,
        oldest: toSequence(1),
      });
    const ask = () => left.transport.request(right.identity.id, head, never);
    await ask();
    await ask();

    expect(await faultOf(ask())).toMatchObject({ code: "BAD_ANSWER" });
    await until(() => left.transport.peers().length === 0);
    expect(left.events).toContainEqual(
      expect.objectContaining({ type: "refused", reason: "height-decreased" }),
    );
  });

  test("a request ends when its caller aborts it, and when the answer takes too long", async () => {
    const members = [identity("left"), identity("right")] as const;
    const limits = { requestTimeoutMs: 300 };
    const left = await startNode(members[0], setOf(members), { limits });
    const bootstrap = left.transport.addresses();
    const right = await startNode(members[1], setOf(members), { limits, bootstrap });
    running.push(left, right);
    await until(() => left.transport.peers().length === 1);
    right.answer = () => new Promise(() => {});

    const abort = new AbortController();
    const aborted = left.transport.request(right.identity.id, head, abort.signal);
    abort.abort();
    expect(await faultOf(aborted)).toMatchObject({ code: "NO_ANSWER" });
    const late = left.transport.request(right.identity.id, head, never);
    expect(await faultOf(late)).toMatchObject({ code: "NO_ANSWER" });
  });

  test("more open requests than allowed are refused at once, and served again later", async () => {
    const [left, right] = await pair();
    const release = Promise.withResolvers<void>();
    right.answer = async () => {
      await release.promise;
      return { type: "absent", head: toSequence(0) };
    };
    const ask = () => left.transport.request(right.identity.id, head, never);
    const open = Array.from({ length: 8 }, ask);

    expect(await faultOf(ask())).toMatchObject({ code: "BUSY", requestsMax: 8 });
    release.resolve();
    await Promise.all(open);
    expect(await ask()).toEqual({ type: "absent", head: 0 });
  });

  test("an application that fails to answer costs the asker an error, not the connection", async () => {
    const [left, right] = await pair();
    right.answer = () => Promise.reject(new Error("disk on fire"));
    const ask = () => left.transport.request(right.identity.id, head, never);

    expect(await faultOf(ask())).toMatchObject({ code: "NO_ANSWER" });
    expect(left.transport.peers()).toEqual([right.identity.id]);
  });
});
