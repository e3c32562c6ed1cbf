import {
  equalBytes,
  leaderOf,
  ledgerHeader,
  type QuorumCertificate,
  toAmount,
  toDifficulty,
  toSequence,
  toTimestamp,
  toView,
  withLedgerHeader,
} from "@aethel/models";
import { absenceAfter, blockReward, shareReward } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LedgerState, stateKey } from "../../src/index.ts";
import { Account, Supply } from "../../src/state/records.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import {
  ACCURACY_EPOCHS,
  NO_SHORT_EPOCHS,
  Participation,
  ValidatorRecord,
} from "../../src/state/validator-records.ts";
import { isWaiting } from "../../src/validators/queue.ts";
import { settleParent } from "../../src/validators/settlement.ts";
import { readValidator } from "../../src/validators/stake.ts";
import { createWorld } from "../fixtures/world.ts";

/** Six equal members and a larger one: any of them may be missing from a certificate. */
const world = createWorld({
  stakes: [8_000_000n, 5_000_000n, 5_000_000n, 5_000_000n, 5_000_000n, 5_000_000n, 5_000_000n],
  parameters: { absenceMs: 1_000, epochMs: 400, baseReward: toAmount(1_000_000_000n) },
});
const MEMBERS = world.validators.map((_, at) => at);
const { parameters } = world.state;

/** A member's record before the block. */
const members = fc.tuple(
  ...MEMBERS.map(() =>
    fc.record({
      isConvicted: fc.constantFrom(false, false, true),
      status: fc.constantFrom(
        "active" as const,
        "active" as const,
        "jailed" as const,
        "ejected" as const,
      ),
      absent: fc.oneof(fc.nat({ max: 1_000 }), fc.constantFrom(599, 600, 601, 999)),
      short: fc.record({
        blocks: fc.nat({ max: 20 }),
        part: fc.nat({ max: 100 }),
        lastedMs: fc.nat({ max: 900 }),
      }),
      recent: fc.nat({ max: ACCURACY_EPOCHS }),
      counted: fc.nat({ max: 9 }),
    }),
  ),
);

const scenes = fc.record({
  members,
  absent: fc.option(fc.nat({ max: MEMBERS.length - 1 }), { nil: undefined }),
  difficulty: fc.constantFrom(0, 1, 40_000, 1_000_000),
  proposer: fc.nat({ max: MEMBERS.length - 1 }),
  isLeader: fc.boolean(),
  sequence: fc.integer({ min: 1, max: 40 }),
  /** Blocks of the epoch before this certificate; none: no count yet. */
  blocks: fc.nat({ max: 30 }),
  isBoundary: fc.boolean(),
  /** Time from the epoch boundary before; a halt makes it longer than an epoch. */
  lastedMs: fc.integer({ min: 1, max: 900 }),
});
type Scene = typeof scenes extends fc.Arbitrary<infer S> ? S : never;

/** The state after a block with this difficulty, at an epoch boundary or between two. */
function stateOf({ difficulty, sequence, isBoundary, lastedMs }: Scene): LedgerState {
  const { header, clock } = world.state;
  const previousBoundary = clock.genesis;
  const boundary = toTimestamp(previousBoundary + lastedMs);
  const now = isBoundary ? boundary : toTimestamp(boundary + 7);
  const totalDifficulty = toDifficulty(difficulty);
  return {
    ...world.state,
    header: withLedgerHeader({ ...header, sequence: toSequence(sequence) }, { totalDifficulty }),
    clock: { ...clock, previousBoundary, boundary, parent: clock.genesis, now, boundaries: 3 },
  };
}

/** Count of the epoch of a member before, of as many blocks. */
const votesBefore = (blocks: number, at: number): number => Math.floor((blocks * (at + 3)) / 9);

function overlayOf(scene: Scene): StateOverlay {
  const overlay = createStateOverlay(world.state.tree);
  scene.members.forEach((member, at) => {
    const { id } = world.validators[at] ?? world.alice;
    const { short, counted } = member;
    overlay.write(stateKey.validator(id), ValidatorRecord, {
      ...readValidator(overlay, id),
      status: member.status,
      absent: member.absent,
      short: { ...short, votes: Math.floor((short.blocks * short.part) / 100) },
      recent: Array.from({ length: member.recent }, (_, epoch) => ({ votes: epoch, blocks: 9 })),
      votes: counted,
      blocks: 2 * counted,
      rewards: toAmount(BigInt(counted)),
      convictedAt: member.isConvicted ? toSequence(1) : undefined,
    });
  });
  const { blocks } = scene;
  if (blocks > 0) {
    const voted = validators.map(({ id }) => ({ votes: votesBefore(blocks, nameOf(id)) }));
    overlay.write(stateKey.participation, Participation, { blocks, members: voted });
  }
  return overlay;
}

/** The whole settlement as the rules say it, member by member. */
function expected(scene: Scene, state: LedgerState, before: readonly ValidatorRecord[]) {
  const { votingSet, clock, header } = state;
  const signed = (at: number): boolean => at !== scene.absent;
  const counts = MEMBERS.map((at) => votesBefore(scene.blocks, at) + (signed(at) ? 1 : 0));
  const blocks = scene.blocks + 1;
  const { sequence } = header;
  const { totalDifficulty } = ledgerHeader(header);
  const span = { fromMs: clock.parent - clock.genesis, untilMs: clock.now - clock.genesis };
  const reward = blockReward({ span, totalDifficulty, minted: toAmount(0n) }, parameters);
  const signers = votingSet.validators.flatMap(({ power, id }, index) => {
    const at = nameOf(id);
    const convicted = scene.members[at]?.isConvicted === true ? { isConvicted: true as const } : {};
    return signed(at) ? [{ index: index as never, power, ...convicted }] : [];
  });
  const divided = shareReward({ reward, signers, totalPower: votingSet.totalPower }, parameters);
  const leader = leaderOf(votingSet, toSequence(sequence + 1), toView(0));
  const isEntitled =
    leader === indexOf(scene.proposer) && scene.members[scene.proposer]?.isConvicted === false;
  const paid = MEMBERS.map((at) => {
    const share = divided.shares.find(({ index }) => index === indexOf(at))?.amount ?? 0n;
    return share + (isEntitled && at === scene.proposer ? divided.bonus : 0n);
  });
  const records = before.map((record, at): ValidatorRecord => {
    const rewarded = { ...record, rewards: toAmount(record.rewards + (paid[at] ?? 0n)) };
    if (!scene.isBoundary) return rewarded;
    const votes = counts[at] ?? 0;
    const lastedMs = Math.min(scene.lastedMs, parameters.epochMs);
    const told = {
      votes: record.short.votes + votes,
      blocks: record.short.blocks + blocks,
      lastedMs: record.short.lastedMs + lastedMs,
    };
    const isLong = told.blocks >= 2 * MEMBERS.length;
    const absent = isLong
      ? absenceAfter({ absentMs: record.absent, ...told }, parameters)
      : record.absent;
    const isJailed = record.status !== "ejected" && absent >= parameters.absenceMs;
    return {
      ...rewarded,
      votes: record.votes + votes,
      blocks: record.blocks + blocks,
      recent: [...record.recent, { votes, blocks }].slice(-ACCURACY_EPOCHS),
      absent,
      short: isLong ? NO_SHORT_EPOCHS : told,
      status: isJailed ? "jailed" : record.status,
    };
  });
  const minted = paid.reduce((all, amount) => all + amount, 0n);
  const participation = { blocks, members: counts.map((votes) => ({ votes })) };
  return { records, paid, minted, participation: scene.isBoundary ? undefined : participation };
}

const { validators } = world.state.votingSet;
const nameOf = (id: Uint8Array): number =>
  world.validators.findIndex((one) => equalBytes(one.id, id));
const indexOf = (at: number): number =>
  validators.findIndex(({ id }) => equalBytes(id, world.validators[at]?.id ?? id.slice(1)));

describe("a block's settlement of its parent", () => {
  test("pays, counts and jails every member as the rules say, whoever voted, was convicted or was away", () => {
    const seen = { jailed: 0, long: 0, bonus: 0, withheld: 0 };
    fc.assert(
      fc.property(scenes, (drawn) => {
        const state = stateOf(drawn);
        const leader = leaderOf(state.votingSet, toSequence(drawn.sequence + 1), toView(0));
        const scheduled = nameOf(validators[leader]?.id ?? new Uint8Array());
        const scene = drawn.isLeader ? { ...drawn, proposer: scheduled } : drawn;
        const overlay = overlayOf(scene);
        const people = world.validators;
        const before = people.map(({ id }) => readValidator(overlay, id));
        const right = expected(scene, state, before);
        const signers = validators.map(({ id }) => nameOf(id) !== scene.absent);
        const certificate = { phase: "commit", signers } as unknown as QuorumCertificate;
        const { id: proposer } = people[scene.proposer] ?? world.alice;

        settleParent(certificate, proposer, { overlay, state });

        const records = people.map(({ id }) => readValidator(overlay, id));
        expect(records).toEqual(right.records);
        people.forEach(({ id }, at) => {
          const { balance } = overlay.read(stateKey.account(id), Account) ?? { balance: 0n };
          expect(balance).toBe(right.paid[at]);
          const isNew = right.records[at]?.status === "jailed" && scene.isBoundary;
          const isOut = isNew && (right.records[at]?.absent ?? 0) >= parameters.absenceMs;
          expect(isWaiting(overlay, "falling", id)).toBe(isOut);
          seen.jailed += isOut ? 1 : 0;
        });
        expect(overlay.read(stateKey.supply, Supply)?.minted).toBe(right.minted);
        const counted = overlay.read(stateKey.participation, Participation);
        const inOrder = right.participation && {
          ...right.participation,
          members: validators.map(({ id }) => right.participation?.members[nameOf(id)]),
        };
        expect(counted).toEqual(inOrder);
        seen.long += scene.isBoundary && right.records[0]?.short === NO_SHORT_EPOCHS ? 1 : 0;
        if (scene.difficulty > 1) seen[scene.proposer === scheduled ? "bonus" : "withheld"] += 1;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 400, seed: 1 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});
