import { type Digest, equalBytes, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { progress, startCommitting } from "../src/normal-case/progress.ts";
import type { KnownBlock, State } from "../src/state.ts";
import { at, createRuleStage, only, type RuleStage } from "./rule-stage.ts";

const stage = createRuleStage(3);
const verdict = fc.constantFrom("unchecked", "accepted", "refused", "abstained", "postponed");
const which = fc.nat({ max: 1 });
const viewed = fc.record({ view: fc.nat({ max: 2 }), of: which });

/** Knowledge of a replica in the middle of a sequence; blocks and digests are numbers. */
const situations = fc.record({
  view: fc.nat({ max: 2 }),
  phase: fc.constantFrom("active", "active", "changing", "committing"),
  proposal: fc.option(
    fc.record({ of: which, votable: fc.constantFrom(undefined, true, true, false) }),
    { nil: undefined },
  ),
  held: fc.tuple(
    fc.option(fc.record({ verdict, durable: fc.boolean() }), { nil: undefined, freq: 5 }),
    fc.option(fc.record({ verdict, durable: fc.boolean() }), { nil: undefined, freq: 5 }),
  ),
  prepared: fc.option(viewed, { nil: undefined }),
  committed: fc.option(viewed, { nil: undefined, freq: 2 }),
  prepare: fc.option(viewed, { nil: undefined, freq: 2 }),
  commit: fc.option(viewed, { nil: undefined, freq: 2 }),
  validating: fc.option(which, { nil: undefined, freq: 2 }),
  suspended: fc.constantFrom(false, false, false, true),
  searched: fc.boolean(),
});
type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

describe("what is signed (PBFT §4.2)", () => {
  test("PREPARE, COMMIT, finalize, validate: exactly when the rules say so, and durable first", () => {
    let voted = 0;
    fc.assert(
      fc.property(situations, (situation) => {
        const context = stage.context(stateOf(stage, situation));

        progress(context);

        const seen = only(context, "persist", "sign-and-send", "commit", "diverge", "verify");
        const wanted = expectedOf(stage, situation);
        expect(seen.map(shown)).toEqual(wanted);
        if (wanted.some((each) => each.startsWith("send"))) voted += 1;
        // What was signed is known from then on, and its block as durable.
        for (const each of wanted) {
          const vote = /^send (prepare|commit) (\d) (\d)/u.exec(each);
          if (vote === null) continue;
          const digest = at(stage.digests, Number(vote[3]));
          const phase = vote[1] === "prepare" ? "prepare" : "commit";
          expect(context.state.signed[phase]).toEqual({ view: Number(vote[2]), digest });
          expect(held(context.state, digest)?.durable).toBe(true);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_500, seed: 1 },
    );
    expect(voted).toBeGreaterThan(15);
  });

  test("a final block with another record of leaders than its parents make stops the replica", () => {
    const block = at(stage.blocks, 0);
    const header = { ...block.header, leadership: at(stage.digests, 1) };
    const digest = at(stage.digests, 0);
    const certificate = stage.certificate({ phase: "commit", view: 0, digest });
    for (const wrong of [false, true]) {
      const searches = { running: undefined, done: [digest] };
      const context = stage.context({ viewTimerRuns: true, validating: digest, searches });

      startCommitting(context, { block: wrong ? { ...block, header } : block, certificate });

      expect(context.state.stopped).toBe(wrong);
      expect(only(context, "diverge", "commit")).toMatchObject([
        wrong
          ? { type: "diverge", sequence: 2, digest, reason: "with another record of leaders" }
          : { type: "commit", finalized: { block, certificate }, view: 0 },
      ]);
      expect(only(context, "stop-timer")).toEqual([{ type: "stop-timer", timer: "view" }]);
      if (wrong) continue;
      expect(only(context, "commit")[0]?.leadership).toBeDefined();
      const { phase, committed, committing, validating } = context.state;
      expect({ phase, committed, committing, validating }).toEqual({
        phase: "committing",
        committed: certificate,
        committing: block,
        validating: undefined,
      });
    }
  });
});

function held({ blocks }: Pick<State, "blocks">, digest: Digest): KnownBlock | undefined {
  return blocks.find((known) => equalBytes(known.digest, digest));
}

function stateOf({ digests, blocks, certificate }: RuleStage, of: Situation): Partial<State> {
  const signed = (vote: Situation["prepare"]) =>
    vote && { view: toView(vote.view), digest: at(digests, vote.of) };
  const certified = (phase: "prepare" | "commit", vote: Situation["prepare"]) =>
    vote && certificate({ phase, view: vote.view, digest: at(digests, vote.of) });
  const unsigned = new Uint8Array(64) as never;
  return {
    view: toView(of.view),
    phase: of.phase,
    suspended: of.suspended,
    searches: { running: undefined, done: of.searched ? digests : [] },
    validating: of.validating === undefined ? undefined : at(digests, of.validating),
    proposal: of.proposal && {
      fresh: true,
      votable: of.proposal.votable,
      proposal: {
        sequence: stage.state.sequence,
        view: toView(of.view),
        digest: at(digests, of.proposal.of),
        leader: 0 as never,
        signature: unsigned,
      },
    },
    blocks: of.held.flatMap((known, index): readonly KnownBlock[] => {
      if (known === undefined) return [];
      const rest = { reason: "why", claim: undefined };
      return [{ digest: at(digests, index), block: at(blocks, index), ...known, ...rest }];
    }),
    prepared: certified("prepare", of.prepared),
    committed: certified("commit", of.committed),
    signed: { proposal: undefined, prepare: signed(of.prepare), commit: signed(of.commit) },
  };
}

/** The rules once more, one after the other, over numbers. */
function expectedOf({ digests }: RuleStage, of: Situation): readonly string[] {
  const { view, phase, proposal, prepared, committed } = of;
  const out: string[] = [];
  const isAccepted = (block: number): boolean => of.held[block]?.verdict === "accepted";
  const durable = of.held.map((known) => known?.durable === true);
  const block = (index: number): string => (durable[index] ? "" : `block ${index}, `);
  const isOther = prepared?.view === view && prepared.of !== proposal?.of;
  const hasPrepared = (of.prepare?.view ?? -1) >= view;
  if (!of.suspended && phase === "active" && proposal?.votable === true) {
    if (isAccepted(proposal.of) && !hasPrepared && !isOther) {
      out.push(`persist ${block(proposal.of)}prepare ${view} ${proposal.of}`);
      out.push(`send prepare ${view} ${proposal.of}`);
      durable[proposal.of] = true;
    }
  }
  const hasCommitted = (of.commit?.view ?? -1) >= view;
  if (!of.suspended && phase !== "committing" && prepared?.view === view) {
    if (isAccepted(prepared.of) && !hasCommitted) {
      out.push(
        `persist ${block(prepared.of)}lock ${view} ${prepared.of}, commit ${view} ${prepared.of}`,
      );
      out.push(`send commit ${view} ${prepared.of}`);
    }
  }
  if (committed !== undefined) {
    const known = of.held[committed.of]?.verdict;
    // A block that a quorum voted for is searched before the replica stops.
    if (known === "refused") return of.searched ? [...out, `diverge ${committed.of} why`] : out;
    if (phase === "committing") return out;
    if (known === "accepted") return [...out, `commit ${committed.of} ${committed.view}`];
  }
  if (phase === "committing") return out;
  const wanted = wantedOf(of);
  const isNew = wanted !== undefined && of.validating !== wanted.of && of.held[wanted.of];
  expect(digests).toHaveLength(3);
  return isNew ? [...out, `verify ${wanted.of} ${wanted.patience}`] : out;
}

/** First what is final, then the proposal, then the lock; with a certificate there is no hurry. */
function wantedOf(of: Situation): { readonly of: number; readonly patience: string } | undefined {
  const { proposal, prepared, committed } = of;
  const patient = (block: number) => {
    const known = of.held[block]?.verdict;
    const isOpen = known === "unchecked" || known === "abstained";
    return isOpen ? { of: block, patience: "none" } : undefined;
  };
  if (committed !== undefined) return patient(committed.of);
  if (proposal !== undefined && of.held[proposal.of]?.verdict === "unchecked") {
    if (prepared?.of === proposal.of) return { of: proposal.of, patience: "none" };
    if (proposal.votable === true) return { of: proposal.of, patience: "watchdog" };
  }
  return prepared && patient(prepared.of);
}

function shown(
  effect: ReturnType<
    typeof only<"persist" | "sign-and-send" | "commit" | "diverge" | "verify">
  >[number],
): string {
  const name = (digest: Digest): number =>
    stage.digests.findIndex((each) => equalBytes(each, digest));
  switch (effect.type) {
    case "persist":
      return `persist ${effect.entries
        .map((entry) => {
          if (entry.type === "block") return `block ${stage.blocks.indexOf(entry.block)}`;
          if (entry.type === "prepared") {
            const { view, digest, phase } = entry.certificate;
            return `${phase === "prepare" ? "lock" : phase} ${view} ${name(digest)}`;
          }
          if (entry.type !== "vote") return entry.type;
          return `${entry.phase} ${entry.view} ${name(entry.digest)}`;
        })
        .join(", ")}`;
    case "sign-and-send": {
      const { statement } = effect;
      if (statement.type !== "prepare" && statement.type !== "commit") return statement.type;
      expect([statement.sequence, statement.voter]).toEqual([2, stage.me]);
      return `send ${statement.type} ${statement.view} ${name(statement.digest)}`;
    }
    case "commit": {
      const { finalized, view } = effect;
      expect(name(finalized.certificate.digest)).toBe(stage.blocks.indexOf(finalized.block));
      return `commit ${stage.blocks.indexOf(finalized.block)} ${view}`;
    }
    case "diverge":
      return `diverge ${name(effect.digest)} ${effect.reason}`;
    case "verify":
      expect(stage.blocks.indexOf(effect.block)).toBe(name(effect.digest));
      return `verify ${name(effect.digest)} ${effect.patience}`;
  }
}
