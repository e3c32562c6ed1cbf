import {
  type Digest,
  equalBytes,
  outlineOf,
  type QuorumCertificate,
  type Sequence,
  toSequence,
  toTimestamp,
  toView,
  type ViewChange,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recover, type SigningEntry } from "../src/index.ts";
import { listeningOf } from "../src/recover.ts";
import { entriesBeyond, takeUpKept } from "../src/replay.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

const stage = createRuleStage(0);
const { blocks, digests, certificate, state, me } = stage;
const views = fc.nat({ max: 3 });

/** Vote or proposal of a view: what an honest replica signs there is one block. */
const signedIn = (view: number): { view: ReturnType<typeof toView>; digest: Digest } => ({
  view: toView(view),
  digest: at(digests, view % 2),
});
const lockIn = (view: number): QuorumCertificate =>
  certificate({ phase: "prepare", ...signedIn(view) });

/** Entries of a log in an order that a disk can have: records of any time, also twice. */
const entries = fc.array(
  fc.oneof(
    views.map(
      (view) => ({ type: "proposal", sequence: state.sequence, ...signedIn(view) }) as const,
    ),
    fc
      .tuple(fc.constantFrom("prepare", "commit"), views)
      .map(
        ([phase, view]) =>
          ({ type: "vote", phase, sequence: state.sequence, ...signedIn(view) }) as const,
      ),
    views.map((view) => ({ type: "prepared", certificate: lockIn(view) }) as const),
    fc.nat({ max: 1 }).map((of) => ({ type: "block", block: at(blocks, of) }) as const),
    fc
      .tuple(views, fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 2 }))
      .map(([view, lock]) => {
        const held = lock === undefined || lock > view ? undefined : lockIn(lock);
        const { body } = stage.request({ voter: me, newView: view + 1, lock: held });
        return { type: "view-change", body, prepareCertificate: held } as const;
      }),
    fc.constant({
      type: "vote",
      phase: "prepare",
      sequence: toSequence(3),
      ...signedIn(3),
    } as const),
  ),
  { maxLength: 10 },
);
type Entry = typeof entries extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

describe("what a log brings back", () => {
  test("B5 B26: of everything signed at the sequence the latest is known again, and said again", () => {
    fc.assert(
      fc.property(entries, fc.boolean(), (log, suspended) => {
        const context = stage.context({ kept: log, suspended });

        takeUpKept(context);

        const here = log.filter((entry) => sequenceOf(entry) === 2);
        const signed = {
          proposal: latest(here.filter((entry) => entry.type === "proposal")),
          prepare: latest(here.filter((e) => e.type === "vote" && e.phase === "prepare")),
          commit: latest(here.filter((e) => e.type === "vote" && e.phase === "commit")),
        };
        expect(context.state.signed).toEqual(signed);
        const locks = here.flatMap((entry) => {
          if (entry.type === "prepared") return [entry.certificate.view];
          return entry.type === "view-change" && entry.prepareCertificate !== undefined
            ? [entry.prepareCertificate.view]
            : [];
        });
        expect(context.state.prepared?.view).toBe(
          locks.length === 0 ? undefined : Math.max(...locks),
        );
        const reached = [
          0,
          ...locks,
          ...here.flatMap((entry) => {
            if (entry.type === "proposal" || entry.type === "vote") return [entry.view];
            return entry.type === "view-change" ? [entry.body.newView] : [];
          }),
        ];
        const view = Math.max(...reached);
        expect(context.state.view).toBe(view);
        const held = [0, 1].filter((of) =>
          here.some((entry) => entry.type === "block" && entry.block === blocks[of]),
        );
        const durable = context.state.blocks.filter((known) => known.durable);
        expect(durable.map(({ block }) => blocks.indexOf(block)).toSorted((a, b) => a - b)).toEqual(
          held,
        );
        expect(context.state.blocks).toHaveLength(held.length);

        const last = here.findLast((entry) => entry.type === "view-change");
        const asks = last !== undefined && last.body.newView >= view;
        expect(context.state.phase).toBe(asks ? "changing" : "active");
        const said = only(context, "sign-and-send").map(({ statement }) => statement);
        const isFirst = signed.proposal?.view === 0 && view === 0;
        const vote = (phase: "prepare" | "commit") =>
          signed[phase] === undefined
            ? []
            : [{ type: phase, sequence: 2, voter: me, ...signed[phase] }];
        expect(said).toEqual([
          ...(asks
            ? [
                {
                  type: "view-change",
                  body: last.body,
                  voter: me,
                  parentCertificate: state.head.certificate,
                  prepareCertificate: last.prepareCertificate,
                },
              ]
            : []),
          ...(isFirst
            ? [
                {
                  type: "pre-prepare",
                  proposal: { sequence: 2, view: 0, digest: digests[0], leader: me },
                  outline: held.includes(0) ? outlineOf(at(blocks, 0)) : undefined,
                },
              ]
            : []),
          ...vote("prepare"),
          ...vote("commit"),
        ]);
      }),
      { numRuns: 500 },
    );
  });

  test("B5: a log that holds two answers to one question is not gone on with", () => {
    const vote = (of: number): SigningEntry => ({
      type: "vote",
      phase: "commit",
      sequence: state.sequence,
      view: toView(1),
      digest: at(digests, of),
    });

    expect(() => takeUpKept(stage.context({ kept: [vote(0), vote(0)] }))).not.toThrow();
    expect(() => takeUpKept(stage.context({ kept: [vote(0), vote(1)] }))).toThrow();
    const later: SigningEntry = { ...vote(1), view: toView(2) } as SigningEntry;
    expect(() => takeUpKept(stage.context({ kept: [vote(0), later] }))).not.toThrow();
    expect(() => takeUpKept(stage.context({ kept: [later, vote(0)] }))).not.toThrow();
  });

  test("who may state nothing says nothing again, and knows it all the same", () => {
    const kept = [
      { type: "vote", phase: "commit", sequence: state.sequence, ...signedIn(1) },
    ] as const;
    const context = stage.context({ kept, holdsKey: false });

    takeUpKept(context);

    expect(only(context, "sign-and-send")).toEqual([]);
    expect(context.state.signed.commit).toEqual(signedIn(1));
  });

  test("B26: entries beyond the head are kept; of too many the lowest sequences go as a whole", () => {
    const numbered = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 40 });
    const limits = fc.record({ head: fc.nat({ max: 12 }), max: fc.nat({ max: 20 }) });
    fc.assert(
      fc.property(numbered, limits, fc.nat({ max: 12 }), (sequences, { head, max }, floor) => {
        const log: readonly SigningEntry[] = [
          { type: "listen", since: toTimestamp(1) },
          ...sequences.map(
            (sequence): SigningEntry => ({
              type: "vote",
              phase: "prepare",
              sequence: toSequence(sequence),
              ...signedIn(0),
            }),
          ),
          { type: "floor", sequence: toSequence(floor) },
        ];
        const { kept, dropped } = entriesBeyond(log, toSequence(head), max);

        const beyond = sequences.filter((sequence) => sequence > head);
        const distinct = [...new Set(beyond)].toSorted((left, right) => left - right);
        // The lowest from which on there is room, and the highest in any case.
        const from = distinct.find(
          (lowest) => beyond.filter((each) => each >= lowest).length <= max,
        );
        const least = from ?? distinct.at(-1) ?? 0;
        expect(kept.map((entry) => sequenceOf(entry))).toEqual(
          beyond.filter((each) => each >= least),
        );
        expect(dropped).toBe(distinct.findLast((each) => each < least) ?? 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a start", () => {
  const { config, cluster } = stage;
  const start = (log: readonly SigningEntry[], changes = {}) =>
    recover({
      config,
      head: state.head,
      entries: log,
      hasWork: false,
      now: cluster.now,
      ...changes,
    });
  const floor = (sequence: number): SigningEntry => ({
    type: "floor",
    sequence: toSequence(sequence),
  });
  const listen = (since: number): SigningEntry => ({ type: "listen", since: toTimestamp(since) });

  test("B6: the floor is the highest that the log names, or where entries found no room", () => {
    expect(start([]).state.floor).toBe(0);
    expect(start([floor(7), floor(4)]).state.floor).toBe(7);
    expect(start([floor(4), floor(7), floor(5)]).state.floor).toBe(7);
  });

  test("listening goes on when it was begun after the last floor", () => {
    expect(listeningOf([])).toBeUndefined();
    expect(listeningOf([listen(5)])).toBe(5);
    expect(listeningOf([floor(1), listen(5), listen(6)])).toBe(6);
    expect(listeningOf([listen(5), floor(1)])).toBeUndefined();
    const vote = {
      type: "vote",
      phase: "prepare",
      sequence: toSequence(2),
      ...signedIn(0),
    } as const;
    expect(listeningOf([listen(5), vote])).toBe(5);
    expect(start([listen(5)]).state.listening?.cause).toBeDefined();
    expect(start([]).state.listening).toBeUndefined();
  });

  test("what is due at once is begun: heads are asked for, work is proposed, timers run", () => {
    const { state: idle, effects } = start([]);
    const busy = start([], { hasWork: true, now: cluster.now + 60_000 });
    const asking = start([], { asksFirst: true });

    expect(effects).toContainEqual({ type: "ask-heads", known: state.head.header.sequence });
    expect(effects.some((each) => each.type === "start-timer" && each.timer === "resend")).toBe(
      true,
    );
    expect(idle.work).toBe(false);
    expect(idle.viewTimerRuns).toBe(false);
    expect(idle.measures.headSince).toBeLessThanOrEqual(cluster.now);
    expect(busy.state.work).toBe(true);
    expect(busy.state.viewTimerRuns).toBe(true);
    expect(busy.effects.some(({ type }) => type === "propose")).toBe(true);
    expect(asking.state.listening?.cause).toBe("starting");
    expect(idle.own).toBeDefined();
    expect(start([], { ignoresOwnSignatures: true }).state.own).toBeUndefined();
  });

  test("a lock's block that the log holds is validated at once, and evidence is known again", () => {
    const block = { type: "block", block: at(blocks, 0) } as const;
    const lock = { type: "prepared", certificate: lockIn(0) } as const;
    const { effects, state: now } = start([block, lock]);

    expect(now.prepared?.view).toBe(0);
    const validated = effects.flatMap((each) => (each.type === "verify" ? [each.digest] : []));
    expect(validated.map((digest) => equalBytes(digest, at(digests, 0)))).toEqual([true]);
  });
});

function sequenceOf(entry: SigningEntry | Entry): Sequence | undefined {
  switch (entry.type) {
    case "proposal":
    case "vote":
    case "floor":
      return entry.sequence;
    case "prepared":
      return entry.certificate.sequence;
    case "view-change":
      return (entry.body satisfies ViewChange["body"]).sequence;
    case "block":
      return entry.block.header.sequence;
    default:
      return undefined;
  }
}

/** Finds the statement of the highest view. */
function latest(
  signed: readonly Entry[],
): { readonly view: number; readonly digest: Digest } | undefined {
  const found = signed.flatMap((entry) =>
    entry.type === "vote" || entry.type === "proposal" ? [entry] : [],
  );
  const top = found.toSorted((left, right) => right.view - left.view)[0];
  return top && { view: top.view, digest: top.digest };
}
