import {
  type AccountId,
  type ConsensusMessage,
  outlineOf,
  sha256,
  toAccountId,
  toHex,
  toSequence,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createCountingVerify } from "../src/inbox/counting-verify.ts";
import { createInbox } from "../src/inbox/inbox.ts";
import { verificationLimit } from "../src/inbox/sender-budget.ts";
import type { Occurrence, ReplicaEvent } from "../src/index.ts";
import { GENESIS } from "./keys.ts";
import { at, createRuleStage } from "./rule-stage.ts";

const { state, config, cluster, digests, blocks, me } = createRuleStage(3);
const ids = cluster.nodes.map((node) => node.config.id);
const names = new Set(ids.map((id) => toHex(id)));
const { burst } = verificationLimit(config, ids.length);
const [voter, another] = [0, 1, 2, 3].filter((index) => index !== me) as [number, number];
const stranger = (serial: number): AccountId =>
  toAccountId(sha256(new Uint8Array([serial & 255, serial >> 8, 1])));

/** An inbox at the second sequence, at one moment; signatures are good or not as the test says. */
function createWorld({ genuine }: { readonly genuine: boolean }) {
  const verifying = createCountingVerify(() => genuine);
  const discarded: string[] = [];
  const inputs: Occurrence[] = [];
  const emit = (event: ReplicaEvent): void => {
    if (event.type === "discarded") discarded.push(event.reason);
  };
  const inbox = createInbox({
    config,
    options: { genesis: GENESIS },
    verifying,
    elapsed: () => 0,
    state: () => state,
    isValidator: (name) => names.has(name),
    input: (occurrence) => inputs.push(occurrence),
    emit,
  });
  return { inbox, discarded, inputs, verified: () => verifying.count() };
}

function vote(changes: {
  readonly sequence?: number;
  view?: number;
  by?: number;
}): ConsensusMessage {
  const { sequence = 2, view = 0, by = voter } = changes;
  return {
    type: "prepare",
    sequence: toSequence(sequence),
    view: toView(view),
    digest: at(digests, 0),
    voter: toValidatorIndex(by),
    signature: toSignature(new Uint8Array(64)),
  };
}

/** A proposal of the next sequence by each of the four: at most one of them leads. */
const early = ids.map(
  (_, leader): ConsensusMessage => ({
    type: "pre-prepare",
    proposal: {
      sequence: toSequence(3),
      view: toView(0),
      digest: at(digests, 0),
      leader: toValidatorIndex(leader),
      signature: toSignature(new Uint8Array(64)),
    },
    outline: outlineOf(at(blocks, 0)),
  }),
);

describe("who pays for what is verified", () => {
  test("B23: strangers share what one sender has, in the name of whichever validator they speak", () => {
    const { inbox, verified, discarded } = createWorld({ genuine: true });
    const speak = (by: number, from: (serial: number) => AccountId | undefined): number => {
      const before = verified();
      for (let view = 0; view < 3 * burst; view++) {
        inbox.validate({ message: vote({ view, by }), from: from(view) });
      }
      return verified() - before;
    };

    expect(speak(voter, stranger)).toBe(burst);
    expect(discarded).toEqual(Array.from({ length: 2 * burst }, () => "over-budget"));
    // What others say in its name, or it itself does, is heard all the same.
    expect(speak(voter, () => undefined)).toBe(burst);
    expect(speak(voter, () => ids[voter])).toBe(burst);
    expect(speak(voter, () => ids[another])).toBe(burst);
    expect(speak(another, stranger)).toBe(burst);
    expect(speak(another, () => ids[another])).toBe(0);
  });
});

describe("what proves nothing against the current set", () => {
  test("of the current sequence it is no reason to ask anybody", () => {
    const { inbox, discarded } = createWorld({ genuine: false });
    expect(inbox.validate({ message: vote({}), from: ids[voter] })).toBeUndefined();
    expect(inbox.validate({ message: vote({ sequence: 1 }), from: ids[voter] })).toBeUndefined();
    expect(discarded).toHaveLength(2);
    expect(inbox.crossBoundary(true)).toEqual([]);
  });

  test("of the next one it is, and it is held until the set has changed or has not", () => {
    for (const hasChanged of [true, false]) {
      const { inbox, discarded } = createWorld({ genuine: false });
      const message = vote({ sequence: 3 });
      expect(inbox.validate({ message, from: ids[voter] })).toEqual({ type: "ahead", sequence: 2 });
      expect(discarded).toEqual([]);
      expect(inbox.crossBoundary(hasChanged)).toEqual(
        hasChanged ? [{ message, from: ids[voter] }] : [],
      );
      expect(inbox.crossBoundary(true)).toEqual([]);
    }
  });

  test("far ahead it is discarded, and in the name of nobody yet it is held, wherever it is looked at", () => {
    for (const isQueued of [true, false]) {
      const { inbox, discarded, inputs } = createWorld({ genuine: true });
      const look = (message: ConsensusMessage): Occurrence | undefined => {
        if (isQueued) return inbox.validate({ message, from: ids[voter] });
        inbox.deliver(message, ids[voter]);
        return inputs.at(-1);
      };
      expect(look(vote({ sequence: 9 }))).toEqual({ type: "ahead", sequence: 8 });
      expect(discarded).toEqual(["future-sequence"]);
      const message = vote({ sequence: 3, by: ids.length });
      expect(look(message)).toEqual({ type: "ahead", sequence: 2 });
      expect(discarded).toEqual(["future-sequence"]);
      expect(inbox.crossBoundary(true)).toEqual([{ message, from: ids[voter] }]);
    }
  });

  test("B23: of strangers in the name of nobody as much is held as of one sender", () => {
    const { inbox } = createWorld({ genuine: true });
    for (let by = 0; by < 200; by++) {
      const message = vote({ sequence: 3, by: ids.length + by });
      inbox.validate({ message, from: by % 2 === 0 ? stranger(by) : undefined });
    }
    expect(inbox.crossBoundary(true)).toHaveLength(2 * 16);
  });
});

describe("a proposal of the next sequence", () => {
  test("P10: is looked at whoever its leader is, and its outline where that leader is likely", () => {
    const { inbox } = createWorld({ genuine: true });
    const given = early.map((message) => inbox.validate({ message, from: undefined }));
    const messages = given.flatMap((each) => (each?.type === "message" ? [each.message] : []));
    expect(messages.map((message) => message.type)).toEqual(early.map(() => "pre-prepare"));
    const whole = messages.filter((each) => each.type === "pre-prepare" && each.outline);
    expect(whole).toHaveLength(1);
  });

  test("what was held is paid for by who sent it, once the set has changed", () => {
    const { inbox, verified, discarded } = createWorld({ genuine: true });
    const message = vote({ sequence: 3, by: ids.length });
    expect(inbox.validate({ message, from: ids[voter] })?.type).toBe("ahead");
    const [held] = inbox.crossBoundary(true);
    for (let view = 0; view < 2 * burst; view++) {
      inbox.validate({ message: vote({ view }), from: ids[voter] });
    }
    expect(verified()).toBe(burst);
    const late = held && { ...held, message: vote({ view: 2 * burst }) };
    expect(late && inbox.validate(late)).toBeUndefined();
    expect(discarded.at(-1)).toBe("over-budget");
  });
});
