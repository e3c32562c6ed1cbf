import { type Block, toSequence, toTimestamp, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findChainDefect, keepBlock, neededBlocks } from "../src/blocks.ts";
import { appraiseProposal, refuseProposal } from "../src/normal-case/accept.ts";
import { onBlock, onVerdict, retryValidation } from "../src/normal-case/validating.ts";
import type { KnownBlock, State } from "../src/state.ts";
import { at, createRuleStage, only } from "./rule-stage.ts";

/** Leads view 3, and so votes in view 0. */
const stage = createRuleStage(3);
const { config, state, digests, blocks, cluster, certificate } = stage;
const first = at(digests, 0);
const leader = cluster.leader(2, 0);
const unsigned = new Uint8Array(64) as never;
const known = (verdict: KnownBlock["verdict"], of = 0): KnownBlock => ({
  digest: at(digests, of),
  block: at(blocks, of),
  verdict,
  reason: "",
  claim: undefined,
  durable: false,
});
const accepted = (
  votable: boolean | undefined,
  fresh = true,
  of = 0,
): NonNullable<State["proposal"]> => ({
  proposal: {
    sequence: state.sequence,
    view: toView(0),
    digest: at(digests, of),
    leader: leader as never,
    signature: unsigned,
  },
  fresh,
  votable,
});

describe("a block by the rules of the chain", () => {
  test("each rule that it breaks has its reason, and a block that breaks one is refused unchecked", () => {
    const block = at(blocks, 0);
    const header = (changes: Partial<Block["header"]>): Block => ({
      ...block,
      header: { ...block.header, ...changes },
    });
    const { minBlockIntervalMs, genesis } = config;
    const least = state.head.header.timestamp + minBlockIntervalMs;
    const other = at(digests, 1);
    const rules: readonly (readonly [Block, string | undefined])[] = [
      [block, undefined],
      [header({ timestamp: toTimestamp(least) }), undefined],
      [header({ timestamp: toTimestamp(least - 1) }), "too soon after its parent"],
      [header({ chain: other }), "of another chain"],
      [header({ sequence: toSequence(3) }), "of another sequence"],
      [header({ parent: other }), "on another parent"],
      [header({ validators: other }), "for another validator set"],
      [{ ...block, parentCertificate: undefined }, "without the certificate of its parent"],
      [header({ leadership: other }), "with another record of leaders"],
    ];
    for (const [each, defect] of rules) {
      expect(findChainDefect({ state, genesis, minBlockIntervalMs }, each)).toBe(defect);
      const context = stage.context();
      keepBlock(context, first, each);
      expect(context.state.blocks).toEqual([
        {
          ...known(defect === undefined ? "unchecked" : "refused"),
          block: each,
          reason: defect ?? "",
        },
      ]);
      // What is known is not replaced.
      const before = context.state;
      keepBlock(context, first, at(blocks, 1));
      expect(context.state).toBe(before);
    }
    const without = { ...state, head: { ...state.head, leadership: undefined } };
    expect(
      findChainDefect(
        { state: without, genesis, minBlockIntervalMs },
        header({ leadership: other }),
      ),
    ).toBeUndefined();
  });

  test("P36: of blocks that nobody voted for eight are kept, and those that are needed, oldest first out", () => {
    const made = Array.from({ length: 14 }, (_, of) => ({
      ...known("unchecked"),
      digest: new Uint8Array(32).fill(of + 1) as never,
    }));
    const marks = fc.array(fc.constantFrom("durable", "plain", "plain"), {
      minLength: 8,
      maxLength: 13,
    });
    const names = fc.array(fc.nat({ max: 12 }), { maxLength: 3 });
    fc.assert(
      fc.property(marks, names, (kinds, [prepared, committed, proposed]) => {
        const held = kinds.map((kind, of) => ({ ...at(made, of), durable: kind === "durable" }));
        const digestOf = (of: number) => at(made, of).digest;
        const context = stage.context({
          blocks: held,
          prepared:
            prepared === undefined
              ? undefined
              : certificate({ phase: "prepare", view: 0, digest: digestOf(prepared) }),
          committed:
            committed === undefined
              ? undefined
              : certificate({ phase: "commit", view: 0, digest: digestOf(committed) }),
          proposal:
            proposed === undefined
              ? undefined
              : {
                  ...accepted(true),
                  proposal: { ...accepted(true).proposal, digest: digestOf(proposed) },
                },
        });
        const needed = [prepared, committed, proposed].filter((each) => each !== undefined);
        expect(neededBlocks(context.state)).toEqual(needed.map(digestOf));

        keepBlock(context, at(made, 13).digest, at(blocks, 0));

        const all = [...held.map((_, of) => of), 13];
        const spare = all.filter((of) => kinds[of] !== "durable");
        const victim = spare.length > 8 ? spare.find((of) => !needed.includes(of)) : undefined;
        const rest = all.filter((of) => of !== victim);
        expect(context.state.blocks.map(({ digest }) => digest)).toEqual(rest.map(digestOf));
      }),
      { numRuns: 200 },
    );
    expect(neededBlocks(undefined)).toEqual([]);
  });
});

describe("a fresh proposal", () => {
  test("B8: is voted for when its time has come, waited for a little, left when late, refused when far ahead", () => {
    const { clockPrecisionMs, maxDriftMs, minBlockIntervalMs } = config;
    const least = state.head.header.timestamp + minBlockIntervalMs;
    const times = fc.record({
      dated: fc.constantFrom(0, 0, 1, 40),
      ahead: fc.constantFrom(
        -maxDriftMs - 1,
        -maxDriftMs,
        -5,
        0,
        clockPrecisionMs,
        clockPrecisionMs + 1,
        2 * clockPrecisionMs,
        2 * clockPrecisionMs + 1,
        clockPrecisionMs + minBlockIntervalMs,
        clockPrecisionMs + minBlockIntervalMs + 1,
        4 * clockPrecisionMs,
        4 * clockPrecisionMs + 1,
        maxDriftMs,
        maxDriftMs + 1,
      ),
      in: fc.constantFrom(0, 0, 1, 2, 3, 40),
      by: fc.constantFrom("leader", "leader", "leader", "other"),
      verdict: fc.constantFrom("unchecked", "accepted", "refused", "none"),
      votable: fc.constantFrom(undefined, undefined, undefined, true, false),
      fresh: fc.constantFrom(true, true, false),
    });
    fc.assert(
      fc.property(times, ({ dated, ahead, in: inView, by, verdict, votable, fresh }) => {
        const block = at(blocks, 0);
        const timestamp = toTimestamp(least + dated);
        const proposer = by === "leader" ? block.header.proposer : config.id;
        const made = { ...block, header: { ...block.header, timestamp, proposer } };
        const held = verdict === "none" ? [] : [{ ...known(verdict), block: made }];
        const own = accepted(votable, fresh);
        const proposal = { ...own, proposal: { ...own.proposal, view: toView(inView) } };
        const context = {
          ...stage.context({ proposal, blocks: held, view: toView(inView) }),
          now: timestamp - ahead,
        };
        // The head is not ahead of any of these clocks.
        const measures = { ...state.measures, clockDoubted: false };
        context.state = { ...context.state, measures };

        appraiseProposal(context);

        const early = ahead - clockPrecisionMs;
        const patience =
          dated === 0 ? Math.max(clockPrecisionMs, minBlockIntervalMs) : clockPrecisionMs;
        const headAhead = state.head.header.timestamp - clockPrecisionMs - context.now > 0;
        let result: string;
        if (verdict === "none") result = "same";
        else if (fresh && verdict === "refused") result = votable === false ? "same" : "refused";
        else if (votable !== undefined) result = "same";
        // In a later view somebody may have put other requests beside a re-proposal.
        else if (by === "other") result = fresh && inView === 0 ? "refused" : "left";
        else if (early > 0 && early <= patience) result = `wait ${Math.ceil(early)}`;
        else if (early > 0 && ahead <= Math.min(maxDriftMs, clockPrecisionMs * 2 ** inView))
          result = "votable";
        else if (early > 0)
          result = headAhead ? "left untimely" : fresh ? "refused untimely" : "left untimely";
        else if (-ahead > maxDriftMs) result = "left untimely";
        else result = "votable";

        const waits = only(context, "start-timer").filter(({ timer }) => timer === "clock");
        expect(waits.map(({ delayMs }) => `wait ${delayMs}`)).toEqual(
          result.startsWith("wait") ? [result] : [],
        );
        const untimely = only(context, "report").flatMap(({ event }) =>
          event.type === "proposal-untimely" ? [event.differenceMs] : [],
        );
        expect(untimely).toEqual(result.endsWith("untimely") ? [ahead] : []);
        const { proposal: now, view } = context.state;
        const isRefused = result.startsWith("refused");
        expect(view).toBe(isRefused ? inView + 1 : inView);
        const votes = isRefused ? undefined : votable;
        const expected = result.startsWith("left") ? false : result === "votable" ? true : votes;
        expect(now?.votable).toBe(expected);
      }),
      { numRuns: 600 },
    );
  });

  test("B8: one that is refused leads to the next view, but not against a certificate or twice", () => {
    const lock = certificate({ phase: "prepare", view: 0, digest: first });
    const cases: readonly (readonly [Partial<State>, boolean, boolean | undefined])[] = [
      [{ proposal: accepted(true) }, true, undefined],
      [{ proposal: accepted(undefined) }, true, undefined],
      [{ proposal: accepted(false) }, false, false],
      [{ proposal: accepted(true, false) }, false, false],
      [{ proposal: accepted(true), prepared: lock }, false, false],
      [{ proposal: accepted(true, true, 1), prepared: lock, view: toView(1) }, true, undefined],
      [{ proposal: accepted(true), phase: "changing" }, false, false],
      [{ proposal: undefined }, false, undefined],
    ];
    for (const [changes, asks, votable] of cases) {
      const context = stage.context(changes);
      refuseProposal(context);
      const causes = only(context, "report").flatMap(({ event }) =>
        event.type === "view-changed" ? [event.cause] : [],
      );
      expect(causes).toEqual(asks ? ["refused-proposal"] : []);
      expect(context.state.proposal?.votable).toBe(votable);
    }
  });
});

describe("verdicts and blocks", () => {
  test("a block is taken when it is wanted, once, and not while another is applied", () => {
    const lock = certificate({ phase: "prepare", view: 0, digest: first });
    const final = certificate({ phase: "commit", view: 0, digest: first });
    const cases: readonly (readonly [Partial<State>, string | undefined])[] = [
      [{}, "not-asked-for"],
      [{ proposal: accepted(undefined) }, undefined],
      [{ prepared: lock }, undefined],
      [{ committed: final }, undefined],
      [{ committed: final, phase: "committing" }, "not-asked-for"],
      [{ proposal: accepted(undefined, true, 1) }, "not-asked-for"],
      [{ prepared: lock, blocks: [known("unchecked")] }, "duplicate"],
    ];
    for (const [changes, reason] of cases) {
      const context = stage.context(changes);
      onBlock(context, first, at(blocks, 0));
      expect(only(context, "discard").map((each) => each.reason)).toEqual(
        reason === undefined ? [] : [reason],
      );
      expect(context.state.blocks).toHaveLength(
        reason === undefined || reason === "duplicate" ? 1 : 0,
      );
    }
    // Its appraisal follows: the proposal may be voted for.
    const context = {
      ...stage.context({ proposal: accepted(undefined) }),
      now: at(blocks, 0).header.timestamp,
    };
    onBlock(context, first, at(blocks, 0));
    expect(context.state.proposal?.votable).toBe(true);
    expect(only(context, "verify")).toHaveLength(1);
  });

  test("a verdict counts once, for the block that was asked about", () => {
    const verdicts = [
      { type: "accepted" },
      { type: "refused", reason: "wrong" },
      { type: "abstained", reason: "busy" },
    ] as const;
    for (const verdict of verdicts) {
      const lock = certificate({ phase: "prepare", view: 0, digest: first });
      for (const [changes, kept] of [
        [{ proposal: accepted(true), blocks: [known("unchecked")] }, verdict.type],
        [
          { proposal: accepted(true), blocks: [known("unchecked")], prepared: lock },
          verdict.type === "abstained" ? "postponed" : verdict.type,
        ],
        [
          { proposal: accepted(true), blocks: [known("abstained")] },
          verdict.type === "abstained" ? "postponed" : verdict.type,
        ],
      ] as const) {
        const context = stage.context({ ...changes, validating: first });
        onVerdict(context, first, verdict);
        const reason = verdict.type === "accepted" ? "" : verdict.reason;
        expect(only(context, "report")[0]?.event).toEqual({
          type: "verdict",
          digest: first,
          verdict: verdict.type,
          reason,
        });
        expect(context.state.blocks[0]).toMatchObject({ verdict: kept, reason });
        const isLeft = verdict.type === "refused" && !("prepared" in changes);
        expect(context.state.view).toBe(isLeft ? 1 : 0);
        const votes = only(context, "sign-and-send").flatMap(({ statement }) =>
          statement.type === "prepare" ? [statement] : [],
        );
        expect(votes).toHaveLength(kept === "accepted" ? 1 : 0);
      }
    }
    for (const validating of [undefined, at(digests, 1)]) {
      const context = stage.context({ validating, blocks: [known("unchecked")] });
      const before = context.state;
      onVerdict(context, first, { type: "accepted" });
      expect(context.effects).toEqual([
        { type: "discard", input: "verdict", reason: "not-asked-for" },
      ]);
      expect(context.state).toBe(before);
    }
    // The block went meanwhile: the next one is validated.
    const lock = certificate({ phase: "prepare", view: 0, digest: at(digests, 1) });
    const gone = stage.context({
      validating: first,
      prepared: lock,
      blocks: [known("unchecked", 1)],
    });
    onVerdict(gone, first, { type: "accepted" });
    expect(only(gone, "verify").map(({ digest }) => digest)).toEqual([digests[1]]);
  });

  test("a block that nobody could validate is tried again, others are left", () => {
    const context = stage.context({
      prepared: certificate({ phase: "prepare", view: 0, digest: first }),
      blocks: [known("postponed"), known("refused", 1)],
    });

    retryValidation(context);

    expect(context.state.blocks.map(({ verdict }) => verdict)).toEqual(["abstained", "refused"]);
    expect(only(context, "verify").map(({ digest, patience }) => [digest, patience])).toEqual([
      [first, "none"],
    ]);
  });
});
