import {
  type SyncRequest,
  type SyncResponse,
  toDigest,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerBytesMax, claimedHeight, findAnswerDefect } from "../src/sync/sync-answer.ts";
import { finalized } from "./wire-values.ts";

const { certificate, block } = finalized(1);
const updatesAt = (sequences: readonly number[]): SyncResponse => ({
  type: "updates",
  updates: sequences.map((at) => ({
    header: { ...block.header, sequence: toSequence(at) },
    certificate,
    nextValidators: undefined,
  })),
});
const offersAt = (sequences: readonly number[]): SyncResponse => ({
  type: "snapshots",
  offers: sequences.map((at) => ({
    sequence: toSequence(at),
    digest: ZERO_DIGEST,
    entries: 1,
    bytes: 1,
  })),
});
const sequences = fc.array(fc.nat(40), { maxLength: 6 });
const isAscending = (all: readonly number[]): boolean =>
  all.every((each, at) => at === 0 || each > (all[at - 1] ?? 0));

test("B14: updates answer only if there are any, ascending, and all above what was asked", () => {
  fc.assert(
    fc.property(sequences, fc.nat(40), (got, after) => {
      const request = { type: "updates", after: toSequence(after) } as const;
      const isRight = got.length > 0 && isAscending(got) && got.every((each) => each > after);
      expect(findAnswerDefect(request, updatesAt(got)) === undefined).toBe(isRight);
    }),
  );
});

test("offers answer only if they are ascending, and none below what was asked", () => {
  fc.assert(
    fc.property(sequences, fc.nat(40), (got, from) => {
      const request = { type: "snapshots", from: toSequence(from) } as const;
      const isRight = isAscending(got) && got.every((each) => each >= from);
      expect(findAnswerDefect(request, offersAt(got)) === undefined).toBe(isRight);
    }),
  );
});

test("pruned answers only a request for blocks, and only below what is kept", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), (from, oldest) => {
      const pruned = { type: "pruned", head: toSequence(50), oldest: toSequence(oldest) } as const;
      const asked = { type: "blocks", from: toSequence(from), count: 1 } as const;
      expect(findAnswerDefect(asked, pruned) === undefined).toBe(from < oldest);
      const other = { type: "updates", after: toSequence(from) } as const;
      expect(findAnswerDefect(other, pruned)).toBeDefined();
      expect(claimedHeight(pruned)).toBe(50);
    }),
  );
});

test("the head of a snapshot answers for its own sequence alone, a chunk only a request for one", () => {
  const part = new Uint8Array();
  const head = {
    header: block.header,
    certificate,
    validators: part,
    nextValidators: part,
    leadership: part,
  };
  const headOf = (at: number): SyncRequest => ({ type: "snapshot-head", sequence: toSequence(at) });
  expect(findAnswerDefect(headOf(1), { type: "snapshot-head", head })).toBeUndefined();
  expect(findAnswerDefect(headOf(2), { type: "snapshot-head", head })).toBeDefined();
  const chunk = { type: "snapshot-chunk", chunk: part } as const;
  const asked = {
    type: "snapshot-chunk",
    sequence: toSequence(1),
    from: toDigest(part32()),
  } as const;
  expect(findAnswerDefect(asked, chunk)).toBeUndefined();
  expect(findAnswerDefect(headOf(1), chunk)).toBeDefined();
});

test("an answer is read no further than an honest one can reach", () => {
  const from = part32();
  const sequence = toSequence(1);
  expect(answerBytesMax({ type: "snapshots", from: sequence })).toBe(1_024);
  expect(answerBytesMax({ type: "snapshot-chunk", sequence, from })).toBeLessThan(4_200_000);
  expect(answerBytesMax({ type: "updates", after: sequence })).toBeLessThan(4_200_000);
});

function part32(): Uint8Array {
  return new Uint8Array(32);
}
