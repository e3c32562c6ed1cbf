import {
  type AccountId,
  type Evidence,
  sha256,
  toAccountId,
  toDigest,
  toPublicKey,
  toSequence,
  toSignature,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accuse,
  dropSettledEvidence,
  isNews,
  onEvidence,
  recall,
  settleOffer,
  shareEvidence,
  takeOffer,
} from "../src/evidence/pending.ts";
import type { PendingEvidence } from "../src/state.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(0);
const members = stage.state.head.validators.validators;
const signature = toSignature(new Uint8Array(64));
const digestOf = (seed: number) => toDigest(sha256(new Uint8Array([seed])));

/** Piece `piece` about an offence of view `view` by a validator; 4 is nobody's index. */
function pieceOf(of: {
  readonly who: number;
  readonly view: number;
  readonly piece?: number;
  readonly sequence?: number;
}): Evidence {
  const { who, view, piece = 0, sequence = 2 } = of;
  const stranger = { id: toAccountId(digestOf(99)), key: toPublicKey(digestOf(98)) };
  const { id: validator, key } = members[who] ?? stranger;
  const [first, second] = [digestOf(piece), digestOf(piece + 100)].map((digest) => ({
    digest,
    signature,
  }));
  if (first === undefined || second === undefined) throw new Error("there are two");
  const where = { sequence: toSequence(sequence), view: toView(view), phase: "prepare" } as const;
  return { type: "double-vote", validator, key, ...where, first, second };
}

const idOf = (who: number): AccountId => at(members, who).id;
const pending = (evidence: Evidence, from?: AccountId): PendingEvidence => ({
  evidence,
  offered: false,
  asked: false,
  shared: false,
  from,
});

describe("evidence that this replica finds", () => {
  test("P36: one piece for each offence, four for each accused, whatever the others did", () => {
    const finds = fc.array(
      fc.record({ who: fc.nat({ max: 3 }), view: fc.nat({ max: 6 }), piece: fc.nat({ max: 2 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(finds, (all) => {
        const context = stage.context({ evidence: [] });
        const kept: { who: number; view: number; piece: number }[] = [];
        for (const find of all) {
          const isNew =
            !kept.some(({ who, view }) => who === find.who && view === find.view) &&
            kept.filter(({ who }) => who === find.who).length < 4;
          const before = context.effects.length;
          const evidence = pieceOf(find);

          accuse(context, evidence);

          if (isNew) kept.push(find);
          expect(context.effects.slice(before)).toEqual(
            isNew
              ? [
                  { type: "report", event: { type: "evidence", evidence } },
                  { type: "persist", entries: [{ type: "evidence", evidence }] },
                ]
              : [],
          );
        }
        expect(context.state.evidence).toEqual(kept.map((each) => pending(pieceOf(each))));
      }),
      { numRuns: 100 },
    );
  });

  test("it takes the place of what others sent about the offence, and who does not vote writes nothing", () => {
    const sent = [
      pending(pieceOf({ who: 1, view: 0, piece: 5 }), idOf(2)),
      pending(pieceOf({ who: 1, view: 1, piece: 5 }), idOf(2)),
    ];
    const context = stage.context({ evidence: sent, me: undefined });

    accuse(context, pieceOf({ who: 1, view: 0 }));

    expect(context.state.evidence).toEqual([sent[1], pending(pieceOf({ who: 1, view: 0 }))]);
    expect(only(context, "persist")).toEqual([]);
    expect(recall(stage.context(), pieceOf({ who: 1, view: 0 }))).toBe(true);
    const closed = stage.context();
    dropSettledEvidence(closed, [pieceOf({ who: 1, view: 0 })]);
    expect(recall(closed, pieceOf({ who: 1, view: 0, piece: 3 }))).toBe(false);
  });
});

describe("evidence that a validator sends", () => {
  test("P36: is news when it is of now, about a member, by a member with a place, and not known yet", () => {
    const { head } = stage.state;
    const from = idOf(2);
    const full = Array.from({ length: 8 }, (_, view) =>
      pending(pieceOf({ who: 1, view: view + 10 }), from),
    );
    const news = pieceOf({ who: 1, view: 0 });
    const is = (evidence: Evidence, changes = {}, by = from): boolean =>
      isNews({ ...stage.state, ...changes }, evidence, by);

    expect(is(news)).toBe(true);
    expect(is(news, {}, toAccountId(digestOf(99)))).toBe(false);
    expect(is(pieceOf({ who: 4, view: 0 }))).toBe(false);
    expect(is({ ...news, key: toPublicKey(digestOf(5)) })).toBe(false);
    expect(is(pieceOf({ who: 1, view: 0, sequence: 3 }))).toBe(false);
    expect(is(pieceOf({ who: 1, view: 0, sequence: 1 }))).toBe(true);
    expect(is(news, { evidence: full })).toBe(false);
    expect(is(news, { evidence: full.slice(1) })).toBe(true);
    expect(is(news, { evidence: full.map((each) => ({ ...each, from: idOf(3) })) })).toBe(true);
    // The own piece of the offence is better; another's does not count; the same one is no news.
    expect(is(news, { evidence: [pending(pieceOf({ who: 1, view: 0, piece: 1 }))] })).toBe(false);
    expect(is(news, { evidence: [pending(news, idOf(3))] })).toBe(true);
    expect(is(news, { evidence: [pending(news, from)] })).toBe(false);
    const other = pieceOf({ who: 1, view: 0, piece: 1 });
    expect(is(news, { evidence: [pending(other, from)] })).toBe(true);
    // Before a boundary and after it another set names the accused.
    const smaller = { ...head.validators, validators: head.validators.validators.slice(2) };
    const boundary = { head: { ...head, validators: { ...smaller, hash: digestOf(1) } } };
    const about = (sequence: number): Evidence => pieceOf({ who: 1, view: 0, sequence });
    expect(is(about(2), boundary, idOf(3))).toBe(false);
    expect(is(about(1), boundary, idOf(3))).toBe(true);
    const joined = { head: { ...head, previousValidators: { ...smaller, hash: digestOf(1) } } };
    expect(is(about(2), joined, idOf(3))).toBe(true);
    expect(is(about(1), joined, idOf(3))).toBe(false);
  });

  test("is kept as told; after a declined piece of its sender it is no reason for a block", () => {
    const [first, second] = [pieceOf({ who: 1, view: 0 }), pieceOf({ who: 1, view: 1 })];
    const context = stage.context();

    onEvidence(context, first, idOf(2));
    onEvidence(context, first, idOf(2));

    expect(context.state.evidence).toEqual([{ ...pending(first, idOf(2)), shared: true }]);
    expect(takeOffer(context)).toEqual([first]);
    settleOffer(context, { evidence: [] });
    expect(context.state.evidence).toEqual([]);
    onEvidence(context, first, idOf(3));
    expect(context.state.evidence).toEqual([]);
    onEvidence(context, second, idOf(2));
    onEvidence(context, second, idOf(3));
    expect(context.state.evidence.map(({ offered }) => offered)).toEqual([true, false]);
  });
});

describe("an offer", () => {
  test("P36: the own finds first, by turns of the accused, then the senders by turns; an offence once", () => {
    const items = fc.array(
      fc.record({
        who: fc.nat({ max: 3 }),
        view: fc.nat({ max: 20 }),
        piece: fc.nat({ max: 2 }),
        from: fc.option(fc.nat({ max: 3 }), { nil: undefined, freq: 2 }),
        sequence: fc.constantFrom(2, 2, 2, 1, 3),
      }),
      { maxLength: 90 },
    );
    fc.assert(
      fc.property(items, (all) => {
        const context = stage.context({
          evidence: all.map((each) =>
            pending(pieceOf(each), each.from === undefined ? undefined : idOf(each.from)),
          ),
        });

        const taken = takeOffer(context);

        const ready = all.filter(({ sequence }) => sequence <= 2);
        const turnOf = (item: (typeof all)[number]): number => {
          const isOfOne = (each: (typeof all)[number]): boolean =>
            each.from === item.from && (item.from !== undefined || each.who === item.who);
          const turn = ready.filter(isOfOne).indexOf(item);
          return item.from === undefined ? turn : turn + 4;
        };
        const inTurn = ready.toSorted((left, right) => turnOf(left) - turnOf(right));
        const offences = new Set<string>();
        const once = inTurn.filter(({ who, view, sequence }) => {
          const offence = `${who} ${view} ${sequence}`;
          const isFirst = !offences.has(offence);
          offences.add(offence);
          return isFirst;
        });
        expect(taken).toEqual(once.slice(0, 64).map(pieceOf));
        const asked = context.state.evidence.filter((each) => each.asked);
        expect(new Set(asked.map(({ evidence }) => evidence))).toEqual(new Set(taken));
        expect(context.state.evidence).toHaveLength(all.length);
      }),
      { numRuns: 150 },
    );
  });

  test("what a block holds is offered; what it left out is dropped and closed, unless it is full", () => {
    const [first, second, third] = [0, 1, 2].map((view) => pieceOf({ who: 1, view }));
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("three");
    const evidence = [pending(first), pending(second, idOf(2)), pending(third)].map(
      (each, index) => ({ ...each, asked: index < 2 }),
    );
    const context = stage.context({ evidence });

    settleOffer(context, { evidence: [first] });

    expect(context.state.evidence).toEqual([
      { ...pending(first), offered: true },
      { ...pending(third) },
    ]);
    expect(context.state.closedOffences.map(({ by }) => by)).toEqual([idOf(2)]);
    const full = stage.context({ evidence });
    settleOffer(full, { evidence: Array.from({ length: 64 }, () => first) });
    expect(full.state.evidence).toHaveLength(3);
    expect(full.state.closedOffences).toEqual([]);
    const none = stage.context({ evidence: [] });
    settleOffer(none, { evidence: [first] });
    expect(none.state.closedOffences).toEqual([]);
  });

  test("what a final block holds is closed for good, newest last, 1,024 at most", () => {
    const context = stage.context({ evidence: [pending(pieceOf({ who: 1, view: 3 }))] });
    for (let view = 0; view < 1_030; view++) {
      dropSettledEvidence(context, [pieceOf({ who: 1, view })]);
    }
    dropSettledEvidence(context, [pieceOf({ who: 1, view: 10 })]);
    dropSettledEvidence(context, []);

    expect(context.state.evidence).toEqual([]);
    const views = context.state.closedOffences.map(({ key }) => Number(key.split("/")[3]));
    const rest = Array.from({ length: 1_024 }, (_, index) => index + 6).filter(
      (each) => each !== 10,
    );
    expect(views).toEqual([...rest, 10].slice(-1_024));
  });

  test("own finds are told, eight at once, each once unless again", () => {
    const finds = Array.from({ length: 10 }, (_, view) =>
      pending(pieceOf({ who: view % 3, view })),
    );
    const told = pending(pieceOf({ who: 3, view: 20 }), idOf(2));
    const context = stage.context({ evidence: [told, ...finds] });
    const said = (): readonly Evidence[] =>
      only(context, "share-evidence").map(({ evidence }) => evidence);

    shareEvidence(context, false);
    expect(said()).toEqual(finds.slice(0, 8).map(({ evidence }) => evidence));
    shareEvidence(context, false);
    expect(said()).toEqual(finds.map(({ evidence }) => evidence));
    shareEvidence(context, false);
    expect(said()).toHaveLength(10);
    shareEvidence(context, true);
    expect(said()).toHaveLength(18);
  });
});
