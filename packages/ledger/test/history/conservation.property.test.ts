import {
  equalBytes,
  leaderOf,
  ledgerHeader,
  type Proof,
  type StateChange,
  type StateTransition,
  toAmount,
  toDifficulty,
  toSequence,
  toTimestamp,
  toView,
} from "@aethel/models";
import { blockReward, scheduledSupply, shareReward } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Account,
  Clock,
  findConservationDefect,
  type LedgerState,
  restoreState,
  stateKey,
  supplyOf,
  totalHeld,
  totalSupply,
} from "../../src/index.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  BuildRefused,
  createWorld,
  invoke,
  type Person,
  step,
  theorem,
  transfer,
} from "../fixtures/world.ts";

// Economics in which every cap is met within a few blocks.
const world = createWorld({
  parameters: {
    emissionPerSecond: toAmount(300_000n),
    halvingMs: 500,
    emissionTotal: toAmount(200_000n),
    invokeDifficulty: toDifficulty(1_000_000),
  },
});

/** Header time since genesis. */
const ageOf = ({ header }: LedgerState): number => header.timestamp - world.genesis.timestamp;

/** One thing that somebody does; verdicts are from a table, as the first word of a script says. */
type Action =
  | { readonly type: "transfer"; readonly from: number; readonly to: number; amount: bigint }
  | { readonly type: "stake" | "unstake"; readonly from: number; readonly amount: bigint }
  | { readonly type: "theorem"; readonly from: number; readonly text: string };

const who = fc.nat({ max: 2 });
const amount = fc.oneof(
  fc.bigInt({ min: 0n, max: 30_000_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ type: fc.constant("transfer" as const), from: who, to: who, amount }),
  fc.record({ type: fc.constantFrom("stake" as const, "unstake" as const), from: who, amount }),
  fc.record({
    type: fc.constant("theorem" as const),
    from: who,
    text: fc.constantFrom("; valid", "; valid 70000", "; refuted", "; unknown", "; valid 999999"),
  }),
);
const blocks = fc.array(
  fc.record({
    actions: fc.array(actions, { maxLength: 4 }),
    absent: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 8 },
);

function proofOf(action: Action, state: LedgerState, used: Map<string, number>): Proof {
  const from = world.people[action.from] ?? world.alice;
  const nonce = nonceOf(from, state, used);
  if (action.type === "theorem") return theorem(world, from, action.text, { nonce });
  if (action.type === "transfer") {
    const to = world.people[action.to] ?? world.bob;
    return transfer(world, from, to.id, { nonce, amount: action.amount });
  }
  const given = [accountArgument(from.id), amountArgument(action.amount)];
  return invoke(world, from, { nonce, intent: action.type, arguments: given });
}

function nonceOf(who: Person, state: LedgerState, used: Map<string, number>): number {
  const name = Buffer.from(who.id).toString("hex");
  const nonce = used.get(name) ?? accountOf(state, who.id).nonce;
  used.set(name, nonce + 1);
  return nonce;
}

/** Voters without the absent one, if the others are still a quorum. */
function votersOf(state: LedgerState, absent: number | undefined): readonly number[] {
  const { validators, totalPower } = state.previousSet;
  const all = validators.map((_, at) => at);
  const some = all.filter((at) => at !== absent);
  const power = some.reduce((sum, at) => sum + (validators[at]?.power ?? 0n), 0n);
  return power * 3n > totalPower * 2n ? some : all;
}

describe("random chains", () => {
  test("P14 P20: value is conserved by every transition and never above the schedule", () => {
    fc.assert(
      fc.property(blocks, (chain) => {
        let state = world.state;
        for (const { actions: acts, absent } of chain) {
          const before = supplyOf(state.tree);
          const used = new Map<string, number>();
          const proofs = acts.map((action) => proofOf(action, state, used));
          let done: ReturnType<typeof step>;
          try {
            done = step(world, state, { proofs, voters: votersOf(state, absent) });
          } catch (error) {
            // Somebody cannot pay: the leader leaves the proofs out.
            if (!(error instanceof BuildRefused)) throw error;
            done = step(world, state, { voters: votersOf(state, absent) });
          }
          const { transition, receipts } = done;
          state = done.state;
          // An account of its own: receipts for what is burned, the whole tree for what is held.
          const burned = receipts.reduce((sum, receipt) => sum + receipt.burned, 0n);
          expect(transition.burned).toBe(burned);
          expect(transition.supplyAfter).toBe(totalSupply(before) + transition.minted - burned);
          expect(totalHeld(state.tree.entries())).toBe(transition.supplyAfter);
          expect(findConservationDefect(transition, state.parameters)).toBeUndefined();
          // B17: what the tree and the header say is all that there is to know.
          const restored = restoreState({
            chain: world.chain,
            tree: state.tree,
            header: state.header,
          });
          expect(restored.votingSet).toEqual(state.votingSet);
          expect(restored.previousSet).toEqual(state.previousSet);
          const { minted, genesis } = supplyOf(state.tree);
          const schedule = scheduledSupply(ageOf(state), state.parameters);
          expect(minted).toBeLessThanOrEqual(schedule);
          expect(transition.supplyAfter).toBeLessThanOrEqual(genesis + schedule);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("P15 P18: what a block earned is in the balances after the very next transition, and the bonus is the scheduled leader's or is not minted", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40_000 }),
        fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        (difficulty, absent, standIn) => {
          const proof = theorem(world, world.alice, `; valid ${difficulty}`, { nonce: 0 });
          const worked = step(world, world.state, { proofs: [proof] });
          const voters = votersOf(worked.state, absent);
          const proposer = standIn === undefined ? {} : { proposer: standIn };
          const paid = step(world, worked.state, { voters, ...proposer });

          const { validators, totalPower } = world.state.votingSet;
          const { totalDifficulty } = ledgerHeader(worked.state.header);
          const span = { fromMs: ageOf(world.state), untilMs: ageOf(worked.state) };
          const earned = { span, totalDifficulty, minted: toAmount(0n) };
          const reward = blockReward(earned, world.state.parameters);
          const signers = voters.map((at) => ({
            index: at as never,
            power: validators[at]?.power ?? 0n,
          }));
          const divided = shareReward({ reward, signers, totalPower }, world.state.parameters);
          const scheduled = leaderOf(world.state.votingSet, toSequence(2), toView(0));
          const isEarned = standIn === undefined || standIn === scheduled;
          const withheld = isEarned ? 0n : divided.bonus;
          validators.forEach(({ id }, at) => {
            const share = divided.shares.find(({ index }) => index === at)?.amount ?? 0n;
            const isProposer = Buffer.compare(paid.state.header.proposer, id) === 0;
            const bonus = isProposer ? divided.bonus - withheld : 0n;
            expect(accountOf(paid.state, id).balance).toBe(share + bonus);
          });
          expect(paid.transition.minted).toBe(divided.minted - withheld);
          expect(findConservationDefect(paid.transition, paid.state.parameters)).toBeUndefined();
          expect(totalHeld(paid.state.tree.entries())).toBe(paid.transition.supplyAfter);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("P2: a harder theorem is never worth less among those that mint; the others are worth 0", () => {
    const { parameters } = world.genesis;
    const minting = createWorld({ parameters: { ...parameters, solverTheoremsMint: true } });
    const seen = { minting: 0, worthless: 0 };
    const minted = (of: typeof world, trust: string, difficulty: number): bigint => {
      const proof = theorem(of, of.alice, `; ${trust} ${difficulty}`, {
        nonce: 0,
        feeLimit: 1_000_000n,
      });
      return step(of, step(of, of.state, { proofs: [proof] }).state).transition.minted;
    };
    const trusts = fc.constantFrom("valid", "solver");
    const lows = fc.integer({ min: 1, max: 90_000 });
    fc.assert(
      fc.property(lows, fc.nat({ max: 10_000 }), trusts, trusts, fc.boolean(), (...drawn) => {
        const [low, more, one, other, isMinting] = drawn;
        const of = isMinting ? minting : world;
        const mints = (trust: string): boolean => isMinting || trust === "valid";
        const [less, most] = [minted(of, one, low), minted(of, other, low + more)];
        if (mints(one) && mints(other)) {
          seen.minting += 1;
          expect(less).toBeLessThanOrEqual(most);
        }
        if (!mints(one)) {
          seen.worthless += 1;
          expect(less).toBe(0n);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 200, seed: 1 },
    );
    expect(Math.min(seen.minting, seen.worthless)).toBeGreaterThan(20);
    expect(minted(world, "valid", 90_000)).toBeGreaterThan(0n);
    expect(minted(minting, "solver", 90_000)).toBe(minted(world, "valid", 90_000));
  });
});

/** A transition that tells another time. */
function withClock(of: StateTransition, spoil: (clock: Clock) => Clock): StateTransition {
  const changes = of.changes.map((change): StateChange => {
    if (!equalBytes(change.key, stateKey.clock) || change.after === undefined) return change;
    return { ...change, after: Clock.encode(spoil(Clock.decode(change.after))) };
  });
  return { ...of, changes };
}

/** The same between two times that are that much after genesis, and a millisecond later. */
function datedAt(of: StateTransition, ageMs: number): StateTransition {
  const parent = toTimestamp(world.state.clock.genesis + ageMs);
  const now = toTimestamp(parent + 1);
  const later = withClock(of, (clock) => ({ ...clock, parent, now }));
  const changes = later.changes.map((change): StateChange => {
    if (!equalBytes(change.key, stateKey.clock) || change.before === undefined) return change;
    return { ...change, before: Clock.encode({ ...Clock.decode(change.before), now: parent }) };
  });
  return { ...later, changes };
}

describe("the conservation check", () => {
  const { transition } = step(world, world.state, {
    proofs: [transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 5n })],
  });

  test("finds one micro-token too many in any balance, whatever the numbers beside it say", () => {
    const key = Buffer.from(stateKey.account(world.bob.id));
    const changes = transition.changes.map((change) => {
      if (!key.equals(change.key) || change.after === undefined) return change;
      const account = Account.decode(change.after);
      const balance = toAmount(account.balance + 1n);
      return { ...change, after: Account.encode({ ...account, balance }) };
    });
    const defect = findConservationDefect({ ...transition, changes }, world.state.parameters);
    expect(defect).toMatchObject({ rule: "holdings" });
    const excused = { ...transition, changes, minted: toAmount(transition.minted + 1n) };
    expect(findConservationDefect(excused, world.state.parameters)).toMatchObject({
      rule: "supply-record",
    });
  });

  test("finds a change that was left out", () => {
    transition.changes.forEach((_, at) => {
      const changes = transition.changes.toSpliced(at, 1);
      const defect = findConservationDefect({ ...transition, changes }, world.state.parameters);
      expect(defect).toBeDefined();
    });
  });

  test("finds more minted than the schedule has by then", () => {
    const claim = theorem(world, world.alice, "; valid", { nonce: 0 });
    const paid = step(world, step(world, world.state, { proofs: [claim] }).state).transition;
    expect(findConservationDefect(paid, world.state.parameters)).toBeUndefined();
    const defect = findConservationDefect(datedAt(paid, 0), world.state.parameters);
    expect(defect).toMatchObject({ rule: "schedule" });
  });

  test("finds a time that does not go on from the one before, or another genesis", () => {
    const { parameters } = world.state;
    const { genesis, now } = world.state.clock;
    const spoilt: readonly ((clock: Clock) => Clock)[] = [
      (clock) => ({ ...clock, now }),
      (clock) => ({ ...clock, parent: toTimestamp(now + 1) }),
      (clock) => ({ ...clock, genesis: toTimestamp(genesis - 1) }),
    ];
    for (const change of spoilt) {
      expect(findConservationDefect(withClock(transition, change), parameters)).toMatchObject({
        rule: "clock",
      });
    }
  });
});
