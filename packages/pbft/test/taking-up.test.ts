import {
  type ConsensusMessage,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import type { Listening, ListeningCause } from "../src/books/listening.ts";
import { emptySlots, withSlot } from "../src/books/slots.ts";
import { lastingEntries, onCommitted } from "../src/catch-up/catch-up.ts";
import type { SigningEntry, State } from "../src/index.ts";
import { noEarlyMessages } from "../src/state.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(3);
const { state, me, blocks, digests, certificate, cluster } = stage;
const [block, digest] = [at(blocks, 0), at(digests, 0)];
const others = [0, 1, 2, 3].filter((index) => index !== me);
const final = certificate({ phase: "commit", view: 0, digest });

/** The second block has been applied. */
function applied(changes: Partial<State>): ReturnType<typeof stage.context> {
  const context = stage.context({
    phase: "committing",
    committed: final,
    committing: block,
    ...changes,
  });
  const { validators } = state.head;
  const { header } = block;
  const rest = { certificate: final, validators, previousValidators: validators };
  const { leadership } = state.head;
  onCommitted(context, { header, digest, leadership, ...rest }, false);
  return context;
}

function heard(cause: ListeningCause, sequences: readonly number[]): Listening {
  const answers = sequences.map((sequence, index) => ({
    validator: cluster.node(at(others, index)).config.id,
    sequence: toSequence(sequence),
    near: sequence <= state.head.header.sequence + 1,
  }));
  return { cause, since: toTimestamp(7), answers, rounds: 1 };
}

const vote = (sequence: number, view = 0): SigningEntry => ({
  type: "vote",
  phase: "prepare",
  sequence: toSequence(sequence),
  view: toView(view),
  digest,
});

describe("the next sequence", () => {
  test("begins with what came early, requests for views before the NewView that rests on them", () => {
    const [first = 0, second = 0] = others;
    const of = { sequence: toSequence(3), view: toView(0), digest };
    const voteBy = (index: number, type: "prepare" | "commit") =>
      cluster.sign(index, { type, ...of, voter: toValidatorIndex(index) });
    const request = (index: number) =>
      ({ type: "view-change", ...stage.request({ voter: index, newView: 1 }) }) as const;
    const proposal = {
      ...of,
      leader: toValidatorIndex(first),
      signature: new Uint8Array(64) as never,
    };
    const prePrepare = { type: "pre-prepare", proposal, outline: undefined } as const;
    const newView = {
      type: "new-view",
      proposal: { ...proposal, view: toView(1) },
      parent: digest,
      votes: [],
      parentCertificate: final,
      prepareCertificate: undefined,
    } as const;
    const slotsOf = (message: (index: number) => ReturnType<typeof voteBy>) =>
      [second, first].reduce(
        (slots, index) => withSlot(slots, index, message(index)),
        emptySlots<ConsensusMessage>(),
      );
    const early: State["early"] = {
      proposals: withSlot(emptySlots(), first, prePrepare),
      newViews: [newView],
      viewChanges: slotsOf(request),
      prepares: slotsOf((index) => voteBy(index, "prepare")),
      commits: slotsOf((index) => voteBy(index, "commit")),
    };

    const context = applied({ early });

    const messages = only(context, "reconsider").flatMap((effect) => effect.messages);
    expect(messages.map(({ type }) => type)).toEqual([
      "pre-prepare",
      "view-change",
      "view-change",
      "new-view",
      "prepare",
      "prepare",
      "commit",
      "commit",
    ]);
    const ordered = [first, second].toSorted((left, right) => left - right);
    expect(messages.slice(1, 3)).toEqual(ordered.map(request));
    expect(context.state.early).toEqual(noEarlyMessages());
    expect(only(applied({}), "reconsider")).toEqual([]);
  });

  test("B26: who starts asks those again who were too far away to tell anything, once they are near", () => {
    for (const [sequences, asked] of [
      [[3, 9, 1], [0]],
      [
        [3, 3],
        [0, 1],
      ],
      [[4, 9], []],
      [[2, 1], []],
    ] as const) {
      const listening = heard("starting", sequences);
      const context = applied({ listening });

      const of = asked.map((index) => at(listening.answers, index).validator);
      expect(only(context, "ask-signed-heads")).toEqual(
        of.length === 0 ? [] : [{ type: "ask-signed-heads", of, listening: false, fresh: false }],
      );
    }
  });

  test("B26: ends the listening of who has lost its log, when enough is final", () => {
    for (const [heads, isOver] of [
      [[1, 1, 1], true],
      [[2, 2, 2], false],
    ] as const) {
      const context = applied({ listening: heard("log-lost", heads) });

      expect(context.state.listening === undefined).toBe(isOver);
      const floors = only(context, "persist").flatMap(({ entries }) => entries);
      expect(floors).toEqual(isOver ? [{ type: "floor", sequence: 3 }] : []);
    }
  });
});

describe("what stays in the log", () => {
  test("B26: is that it listens, after the floor, which would end that; a start is not written down", () => {
    const kept = [vote(5)];
    const floor = { type: "floor", sequence: 1 };
    const listen = { type: "listen", since: 7 };
    for (const [cause, expected] of [
      [undefined, [floor, ...kept]],
      ["starting", [floor, ...kept]],
      ["log-lost", [floor, listen, ...kept]],
      ["own-signature", [floor, listen, ...kept]],
    ] as const) {
      const listening = cause && heard(cause, []);
      expect(lastingEntries(stage.context({ listening, kept }).state)).toEqual(expected);
    }
  });
});
