import {
  type AccountId,
  type ConsensusMessage,
  outlineOf,
  type QuorumCertificate,
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
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";

const signature = toSignature(new Uint8Array(64));
const where = { sequence: toSequence(1), view: toView(0), digest: GENESIS };
const peer = (at: number): AccountId => toAccountId(sha256(new Uint8Array([at])));
const vote = (voter = 0): ConsensusMessage => ({
  type: "prepare",
  ...where,
  voter: toValidatorIndex(voter),
  signature,
});

/** A request with a certificate of so many signatures. */
function request(signatures: number): ConsensusMessage {
  const parentCertificate: QuorumCertificate = {
    phase: "commit",
    ...where,
    signers: Array.from({ length: 100 }, (_, at) => at < signatures),
    seal: { type: "ed25519", signatures: [] },
  } as never;
  return {
    type: "view-change",
    body: {
      validators: GENESIS,
      sequence: toSequence(1),
      newView: toView(1),
      parent: GENESIS,
      prepared: undefined,
    },
    voter: toValidatorIndex(0),
    signature,
    parentCertificate,
    prepareCertificate: undefined,
  };
}

const counter = new Counter(GENESIS, createMembership([1]).set);
const made = counter.propose({
  sequence: toSequence(1),
  timestamp: 1 as never,
  proposer: toAccountId(GENESIS),
  parentCertificate: undefined,
  evidence: [],
  reason: "heartbeat",
});
if (made === undefined) throw new Error("a heartbeat has a block");
const block = made;
const proposal: ConsensusMessage = {
  type: "pre-prepare",
  proposal: { ...where, leader: toValidatorIndex(0), signature },
  outline: outlineOf(block),
};

/** Peers below `validators` are in the set. */
function queueOf(validators: number): InputQueue {
  const names = new Set(Array.from({ length: validators }, (_, at) => toHex(peer(at))));
  return createInputQueue((name) => names.has(name));
}

describe("turns", () => {
  test("strangers and what was relayed have one message in sixteen each while validators have some", () => {
    const queue = queueOf(1);
    for (let at = 0; at < 400; at++) {
      queue.push({ message: vote(), from: peer(0) });
      queue.push({ message: vote(), from: peer(1) });
      queue.push({ message: vote(at % 20), from: undefined });
    }
    const counts = { validator: 0, stranger: 0, relayed: 0 };
    for (let at = 0; at < 320; at++) {
      const from = queue.shift()?.from;
      if (from === undefined) counts.relayed += 1;
      else counts[toHex(from) === toHex(peer(0)) ? "validator" : "stranger"] += 1;
    }

    expect(counts).toEqual({ validator: 280, stranger: 20, relayed: 20 });
  });

  test.each([
    [7, 1],
    [23, 3],
    [31, 4],
    [63, 8],
    [100, 8],
  ])("a message that carries %i signatures takes %i turns of who sent it", (signatures, turns) => {
    const queue = queueOf(2);
    for (let at = 0; at < 4; at++) queue.push({ message: request(signatures), from: peer(0) });
    for (let at = 0; at < 100; at++) queue.push({ message: vote(), from: peer(1) });
    const places = Array.from({ length: 60 }, () => queue.shift()?.message.type)
      .flatMap((type, at) => (type === "view-change" ? [at] : []))
      .slice(0, 3);

    // Between two of them the other one has as many turns.
    expect(places).toEqual([1, 2, 3].map((count) => count * (turns + 1) - 2));
  });
});

describe("blocks that wait", () => {
  test("are sixteen of all peers of a lane; who is refused has nothing waiting, and a clear frees all", () => {
    const queue = queueOf(10);
    for (let round = 0; round < 2; round++) {
      const taken = Array.from({ length: 20 }, (_, at) =>
        queue.push({ message: proposal, from: peer(at % 10) }),
      );
      expect(taken.filter(Boolean)).toHaveLength(16);
      expect(queue.size()).toBe(16);
      queue.clear();
      expect(queue.size()).toBe(0);
    }
  });

  test("leave their places when they are taken", () => {
    const queue = queueOf(10);
    for (let at = 0; at < 16; at++) queue.push({ message: proposal, from: peer(at % 10) });
    expect(queue.push({ message: proposal, from: peer(9) })).toBe(false);
    queue.shift();
    expect(queue.push({ message: proposal, from: peer(9) })).toBe(true);
  });
});
