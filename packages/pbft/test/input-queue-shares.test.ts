import {
  type AccountId,
  type ConsensusMessage,
  sha256,
  toAccountId,
  toHex,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createInputQueue, type InputQueue } from "../src/inbox/input-queue.ts";
import { GENESIS } from "./keys.ts";

const peer = (at: number): AccountId => toAccountId(sha256(new Uint8Array([at & 255, at >> 8])));
const vote = (view: number): ConsensusMessage => ({
  type: "prepare",
  sequence: toSequence(1),
  view: toView(view),
  digest: GENESIS,
  voter: toValidatorIndex(0),
  signature: toSignature(new Uint8Array(64)),
});

/** A queue of validators, in which each of `others` has one message waiting. */
function queueBehind(others: number): InputQueue {
  const names = new Set(Array.from({ length: others + 1 }, (_, at) => toHex(peer(at))));
  const queue = createInputQueue((name) => names.has(name));
  for (let at = 1; at <= others; at++) queue.push({ message: vote(0), from: peer(at) });
  return queue;
}

/** Counts the messages of one more peer that have room. */
function roomFor(queue: InputQueue): number {
  let pushed = 0;
  while (pushed < 5_000 && queue.push({ message: vote(0), from: peer(0) })) pushed += 1;
  return pushed;
}

describe("shares of a lane", () => {
  test.each([
    [14, 1_024],
    [15, 963],
    [20, 744],
    [100, 160],
    [1_021, 16],
    [1_022, 16],
    [1_100, 16],
  ])("behind %i others that have one waiting a peer has room for %i", (others, room) => {
    expect(roomFor(queueBehind(others))).toBe(room);
  });

  test("a peer that never runs empty is served in its order, each message once", () => {
    const queue = queueBehind(0);
    const [ahead, rounds] = [700, 4_000];
    for (let at = 0; at < ahead; at++) queue.push({ message: vote(at), from: peer(0) });
    const taken = Array.from({ length: rounds }, (_, at) => {
      queue.push({ message: vote(ahead + at), from: peer(0) });
      const message = queue.shift()?.message;
      return message?.type === "prepare" ? message.view : -1;
    });

    expect(taken).toEqual(Array.from({ length: rounds }, (_, at) => at));
    expect(queue.size()).toBe(ahead);
  });
});
