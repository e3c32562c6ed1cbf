import { equalBytes, ledgerHeader, toSequence, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACCURACY_EPOCHS,
  type AccuracyAlert,
  accuracyOf,
  createLedger,
  createMemoryStore,
  earliestTimestamp,
  type LedgerState,
  RESULT_CODES,
  stateKey,
  totalHeld,
  ValidatorRecord,
} from "../../src/index.ts";
import { accuracyAlerts } from "../../src/validators/accuracy.ts";
import { call, SYSTEM_SOURCE, stake, unjail, unstake } from "../fixtures/calls.ts";
import { tableJudgement } from "../fixtures/judgements.ts";
import { powerOf, recordOf } from "../fixtures/validators.ts";
import {
  accountArgument,
  amountArgument,
  build,
  certify,
  createWorld,
  type Executed,
  execute,
  invoke,
  type Person,
  STAKES,
  skip,
  step,
  transfer,
  type World,
} from "../fixtures/world.ts";

/** Blocks of an epoch, of 100 ms each: two for each of the four validators. */
const EPOCH = 8;
const EPOCH_MS = 100 * EPOCH;
/** Five epochs. */
const ABSENCE_MAX = 5 * EPOCH;
const ABSENCE_MS = 100 * ABSENCE_MAX;
const parameters = { absenceMs: ABSENCE_MS, epochMs: EPOCH_MS };
const world = createWorld({ source: SYSTEM_SOURCE, parameters });
const [first, second] = world.validators as [Person, Person];

const IDLE = { votes: 0, trick: "none" } as const;

/** Indices of all voters on the head but one. */
function allBut({ previousSet }: LedgerState, absent: Person): readonly number[] {
  return previousSet.validators.flatMap(({ id }, at) => (equalBytes(id, absent.id) ? [] : [at]));
}

/** Attempt of a validator to stay out of jail. */
function trickOf(state: LedgerState, intent: string): ReturnType<typeof invoke> {
  const amount = intent === "ask_back" ? [] : [amountArgument(1_000n)];
  return call({ world, state, by: second }, intent, amount);
}

/** Blocks of which one validator signs none. */
function without(state: LedgerState, absent: Person, count: number, of: World = world): Executed {
  let done: Executed | undefined;
  for (let at = 0; at < count; at++) {
    const now = done?.state ?? state;
    done = step(of, now, { voters: allBut(now, absent) });
  }
  if (done === undefined) throw new Error("no blocks");
  return done;
}

describe("long absence (epochs of 8 blocks)", () => {
  const nearly = without(skip(world, world.state, EPOCH + 1), second, ABSENCE_MAX - EPOCH).state;
  const jailed = without(nearly, second, EPOCH).state;

  test("the epoch that completes it jails; the power is gone at the next epoch boundary, no stake is", () => {
    expect(recordOf(without(nearly, second, EPOCH - 1).state, second).status).toBe("active");
    expect(recordOf(jailed, second)).toMatchObject({ status: "jailed", stake: STAKES[1] });
    expect(powerOf(jailed, second)).toBe(30_000_000n);
    const boundary = without(jailed, second, EPOCH - 1).state;
    expect(boundary.header.sequence % EPOCH).toBe(0);
    expect(powerOf(boundary, second)).toBe(0n);
    expect(recordOf(boundary, second).stake).toBe(STAKES[1]);
    expect(totalHeld(boundary.tree.entries())).toBe(ledgerHeader(boundary.header).supplyAfter);
  });

  test("how long it takes is the chain's to say", () => {
    for (const epochs of [1, 2, 7]) {
      const absenceMs = EPOCH_MS * epochs;
      const of = createWorld({ source: SYSTEM_SOURCE, parameters: { ...parameters, absenceMs } });
      const [, accused] = of.validators as [Person, Person];
      const begun = skip(of, of.state, EPOCH + 1);
      const statusAfter = (blocks: number): string =>
        recordOf(without(begun, accused, blocks, of).state, accused).status;
      expect(statusAfter(EPOCH * epochs - 1)).toBe("active");
      expect(statusAfter(EPOCH * epochs)).toBe("jailed");
    }
    expect(() => createWorld({ parameters: { absenceMs: 399 } })).toThrow("absenceMs");
  });

  test("voting takes back what absence adds, and a vote now and then does not", () => {
    // One epoch of votes for one without.
    const voted = skip(world, nearly, EPOCH);
    const back = ABSENCE_MS - 2 * EPOCH_MS;
    expect(recordOf(voted, second)).toMatchObject({ status: "active", absent: back });
    const later = without(voted, second, EPOCH).state;
    expect(recordOf(later, second)).toMatchObject({ status: "active", absent: back + EPOCH_MS });
    // Two votes of eight: less than half.
    let state = skip(world, world.state, EPOCH + 1);
    let epochs = 0;
    while (recordOf(state, second).status === "active") {
      state = without(skip(world, state, 2), second, EPOCH - 2).state;
      epochs += 1;
    }
    expect(epochs).toBe(ABSENCE_MS / (EPOCH_MS / 2));
    // Four of eight: never.
    for (let epoch = 0; epoch < 30; epoch++) {
      state = without(
        skip(world, epoch === 0 ? skip(world, world.state, EPOCH + 1) : state, EPOCH / 2),
        second,
        EPOCH / 2,
      ).state;
      expect(recordOf(state, second)).toMatchObject({ status: "active", absent: 0 });
    }
  });

  test("whole epochs are counted, from the first without a vote", () => {
    let { state } = step(world, world.state);
    const counts: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      state = without(state, second, EPOCH).state;
      counts.push(recordOf(state, second).absent);
    }
    expect(counts).toEqual([800, 1_600, 2_400, 3_200]);
  });

  test("more stake is no way out, asking is; the power returns at an epoch boundary", () => {
    const out = without(jailed, second, EPOCH - 1).state;
    const fund = transfer(world, world.alice, second.id, { nonce: 0, amount: 5_000_000n });
    const rich = step(world, out, { proofs: [fund] }).state;
    const proofs = [stake({ world, state: rich, by: second }, 1_000_000n)];
    const more = step(world, rich, { proofs });
    expect(more.results[0]?.outcome).toBe("applied");
    expect(recordOf(more.state, second)).toMatchObject({ status: "jailed", stake: 31_000_000n });
    const asked = step(world, more.state, {
      proofs: [unjail({ world, state: more.state, by: second })],
    });
    // Asking ends jail and nothing else: what was missed is worked off by voting.
    expect(recordOf(asked.state, second)).toEqual({
      ...recordOf(more.state, second),
      status: "active",
    });
    expect(recordOf(asked.state, second).absent).toBe(ABSENCE_MS);
    expect(powerOf(asked.state, second)).toBe(0n);
    let { state } = asked;
    for (let at = 0; at < 3; at++) state = skip(world, state, EPOCH);
    expect(powerOf(state, second)).toBe(31_000_000n);
    const present = skip(world, state, 2 * EPOCH);
    expect(recordOf(present, second).absent).toBeLessThan(ABSENCE_MS - EPOCH_MS);
  });

  test("who comes back and is away again is jailed after one epoch", () => {
    const out = without(jailed, second, EPOCH - 1).state;
    const fund = transfer(world, world.alice, second.id, { nonce: 0, amount: 5_000_000n });
    const rich = step(world, out, { proofs: [fund] }).state;
    const asked = step(world, rich, {
      proofs: [unjail({ world, state: rich, by: second })],
    }).state;
    let state = asked;
    for (let at = 0; at < 3 * EPOCH && powerOf(state, second) === 0n; at++)
      state = skip(world, state, 1);
    expect(powerOf(state, second)).toBeGreaterThan(0n);
    const away = without(state, second, EPOCH + 1).state;
    expect(recordOf(away, second).status).toBe("jailed");
  });

  test("nobody who is not jailed can ask to be unjailed: before jail it changes nothing but nonce and fee", () => {
    const fund = transfer(world, world.alice, second.id, { nonce: 0, amount: 5_000_000n });
    const rich = step(world, nearly, { proofs: [fund], voters: allBut(nearly, second) }).state;
    const voters = allBut(rich, second);
    const asked = step(world, rich, {
      proofs: [unjail({ world, state: rich, by: second })],
      voters,
    });
    expect(asked.results[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES["not-jailed"],
    });
    expect(recordOf(asked.state, second)).toEqual(recordOf(rich, second));
    expect(recordOf(without(asked.state, second, EPOCH - 2).state, second).status).toBe("jailed");
  });

  test("whoever votes on two fifths of the blocks at most is jailed, whatever it asks and stakes", () => {
    const tricks = fc.array(
      fc.record({
        votes: fc.constantFrom(0, 0, 2, 2, 4, 6, 8),
        trick: fc.constantFrom("none", "ask_back", "stake", "unstake"),
      }),
      { minLength: 3, maxLength: 8 },
    );
    const fund = transfer(world, world.alice, second.id, { nonce: 0, amount: 50_000_000n });
    const start = skip(world, step(world, world.state, { proofs: [fund] }).state, EPOCH);
    let evaders = 0;
    fc.assert(
      fc.property(tricks, (pattern) => {
        const votes = pattern.reduce((sum, epoch) => sum + epoch.votes, 0);
        if (5 * votes > 2 * EPOCH * pattern.length) return;
        evaders += 1;
        let state = start;
        for (let epoch = 0; epoch < 60; epoch++) {
          const { votes: count, trick } = pattern[epoch % pattern.length] ?? pattern[0] ?? IDLE;
          for (let block = 0; block < EPOCH; block++) {
            const proofs = block === 0 && trick !== "none" ? [trickOf(state, trick)] : [];
            const voters = block < count ? {} : { voters: allBut(state, second) };
            state = step(world, state, { proofs, ...voters }).state;
          }
          if (recordOf(state, second).status === "jailed") return;
        }
        expect(recordOf(state, second).status).toBe("jailed");
      }),
      { numRuns: 12 },
    );
    expect(evaders).toBeGreaterThan(2);
  });

  test("nobody asks for somebody else", () => {
    const other = invoke(world, first, {
      nonce: 0,
      intent: "ask_back",
      arguments: [accountArgument(second.id)],
    });
    expect(() => step(world, jailed, { proofs: [other] })).toThrow();
  });

  test("jailed stake can still be withdrawn, and unbonds once its power is gone", () => {
    const fund = transfer(world, world.alice, second.id, { nonce: 0, amount: 5_000_000n });
    const rich = step(world, jailed, { proofs: [fund] }).state;
    const proofs = [unstake({ world, state: rich, by: second }, 10_000_000n)];
    const left = step(world, rich, { proofs });
    expect(left.results[0]?.outcome).toBe("applied");
    const boundary = without(left.state, second, EPOCH).state;
    expect(powerOf(boundary, second)).toBe(0n);
    expect(recordOf(boundary, second).status).toBe("jailed");
  });

  test("short epochs are counted together: nobody is jailed by the certificates of one proposer", () => {
    // An epoch of one block, so that the same proposer is next after each of these.
    const lengths = fc.constantFrom([7, 1], [3, 1], [11, 1], [2, 1, 1], [1, 3, 4]);
    fc.assert(
      fc.property(lengths, fc.nat({ max: 3 }), (pattern, proposer) => {
        let state = skip(world, world.state, EPOCH + 1);
        for (let turn = 0; turn < 14 * pattern.length; turn++) {
          const count = pattern[turn % pattern.length] ?? 1;
          for (let block = 0; block < count; block++) {
            const isLast = block === count - 1;
            const isTheirs = (state.header.sequence + 1) % 4 === proposer;
            const now = isLast
              ? toTimestamp(state.clock.boundary + EPOCH_MS)
              : earliestTimestamp(state);
            const voters = isTheirs ? { voters: allBut(state, second) } : {};
            state = step(world, state, { now, ...voters }).state;
          }
        }
        // Of 4 blocks in a row it was left out of one.
        expect(recordOf(state, second)).toMatchObject({ status: "active", absent: 0 });
      }),
      { numRuns: 30 },
    );
  });
});

describe("P34: accuracy over a window", () => {
  const plain = createWorld({ source: SYSTEM_SOURCE });

  test("an alert exactly when the votes of the last epochs are under 95 % of their blocks", () => {
    const epochs = fc.array(
      fc
        .integer({ min: 1, max: 60 })
        .chain((blocks) =>
          fc
            .oneof(fc.constant(blocks), fc.nat({ max: blocks }))
            .map((votes) => ({ votes, blocks })),
        ),
      { minLength: 1, maxLength: ACCURACY_EPOCHS },
    );
    fc.assert(
      fc.property(epochs, (recent) => {
        const record = { ...recordOf(world.state, first), recent };
        const before = ValidatorRecord.encode({ ...record, recent: [], blocks: 0 });
        const after = ValidatorRecord.encode({ ...record, blocks: 1 });
        const change = { key: stateKey.validator(first.id), before, after };
        const [votes, blocks] = recent.reduce(
          ([v, b], epoch) => [v + epoch.votes, b + epoch.blocks],
          [0, 0],
        );
        expect(accuracyAlerts([change])).toHaveLength(votes * 100 < blocks * 95 ? 1 : 0);
        expect(accuracyAlerts([{ ...change, before: after }])).toHaveLength(0);
      }),
      { numRuns: 300 },
    );
  });

  test("exactly 95 % raises none, one vote less does", () => {
    const alerts = (votes: number): number => {
      const record = { ...recordOf(world.state, first), recent: [{ votes, blocks: 20 }] };
      const before = ValidatorRecord.encode({ ...record, blocks: 0 });
      const after = ValidatorRecord.encode({ ...record, blocks: 20 });
      return accuracyAlerts([{ key: stateKey.validator(first.id), before, after }]).length;
    };
    expect([alerts(20), alerts(19), alerts(18)]).toEqual([0, 0, 1]);
  });

  test("the window holds the last epochs only, so a validator recovers", () => {
    let state = without(plain.state, second, 1, plain).state;
    const alerts: (readonly AccuracyAlert[])[] = [];
    const seen: number[] = [];
    for (let epoch = 0; epoch < ACCURACY_EPOCHS + 2; epoch++) {
      const isAway = epoch < 1;
      for (let at = 0; at < 4; at++) {
        const done = isAway ? without(state, second, 1, plain) : step(plain, state);
        alerts.push(accuracyAlerts(done.transition.changes));
        state = done.state;
      }
      seen.push(accuracyOf(recordOf(state, second)).basisPoints);
    }
    expect(seen[0]).toBe(0);
    expect(seen[1]).toBe(5_000);
    expect(seen.at(-1)).toBe(10_000);
    expect(recordOf(state, second).recent).toHaveLength(ACCURACY_EPOCHS);
    // One alert an epoch while it lasts, none of anybody else.
    const all = alerts.flat();
    expect(all.every(({ validator }) => equalBytes(validator, second.id))).toBe(true);
    expect(all.length).toBe(seen.filter((points) => points < 9_500).length);
  });

  test("the ledger says so to whoever listens, once for each epoch", async () => {
    const { header } = plain.state;
    const store = createMemoryStore();
    const changes = [...plain.state.tree.entries()].map(({ key, value }) => ({
      key,
      before: undefined,
      after: value,
    }));
    const root = ledgerHeader(header).stateRootAfter;
    const version = toSequence(0);
    await store.write({ header, finalized: undefined, receipts: [], changes, version, root });
    const judge = {
      check: () => Promise.resolve(tableJudgement({ type: "publish" } as never) as never),
    };
    const ledger = await createLedger({ genesis: plain.genesis, judge, store });
    const heard: string[] = [];
    ledger.subscribe((event) => {
      if (event.type === "accuracy") heard.push(`${event.sequence} ${event.basisPoints}`);
    });

    for (let at = 0; at < 9; at++) {
      const state = ledger.state();
      const voters = state.previousSet.validators.flatMap(({ id }, index) =>
        equalBytes(id, second.id) ? [] : [index],
      );
      const block = build(plain, state, { voters });
      const certificate = certify(plain, execute(plain, state, block).state);
      if (certificate === undefined) throw new Error("no certificate");
      await ledger.commit({ block, certificate });
    }

    expect(heard).toEqual(["5 0", "9 0"]);
  });
});
