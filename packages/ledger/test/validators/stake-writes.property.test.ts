import {
  type AccountId,
  fromHex,
  toAccountId,
  toAmount,
  toHex,
  toPublicKey,
  toTimestamp,
} from "@aethel/models";
import { unbondsAt } from "@aethel/rewards";
import type { FieldWrite } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAccount } from "../../src/state/accounts.ts";
import { STATE_BOUNDS } from "../../src/state/bounds.ts";
import { KeyRecord } from "../../src/state/offence-records.ts";
import type { Lane } from "../../src/state/queue-records.ts";
import { Account } from "../../src/state/records.ts";
import { stateKey } from "../../src/state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../../src/state/state-overlay.ts";
import { NO_DATE, ValidatorRecord } from "../../src/state/validator-records.ts";
import { enqueue, isWaiting, lengthOf } from "../../src/validators/queue.ts";
import {
  powerIn,
  readStake,
  readValidator,
  registerValidator,
} from "../../src/validators/stake.ts";
import { applyStakeWrites, findStakeDefect } from "../../src/validators/stake-writes.ts";
import { readUnbonding, writeUnbonding } from "../../src/validators/unbonding.ts";
import { createWorld, person } from "../fixtures/world.ts";

const world = createWorld();
const { state } = world;
const { minimumStake } = state.parameters;
const now = toTimestamp(state.clock.now + 5);

/**
 * Accounts that may have a stake: members, one with a record, newcomers, and two that cannot vote.
 */
const [one, two, known] = [world.validators[0], world.validators[1], person("known")];
if (one === undefined || two === undefined) throw new Error("a world has members");
const taken = person("its key is somebody's");
const NO_KEY = toAccountId(new Uint8Array(32).fill(0xff));
const IDS = [one.id, two.id, known.id, world.alice.id, world.bob.id, taken.id, NO_KEY];
const NAMES = IDS.map(toHex);

/** One write of an invoke to an account, and the facts around it. */
const wishes = fc
  .uniqueArray(fc.nat({ max: IDS.length - 1 }), { minLength: 1, maxLength: 5 })
  .chain((whos) =>
    fc.tuple(
      ...whos.map((who) =>
        fc.record({
          who: fc.constant(who),
          /** Change of stake in halves of the least one; 0: the write changes nothing. */
          halves: fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -90, max: 20 })),
          /** Micro-tokens by which the balance gains less than the stake loses. */
          missing: fc.constantFrom<bigint | undefined>(0n, 0n, 0n, 1n, -1n, undefined),
          isFirst: fc.boolean(),
        }),
      ),
    ),
  );

const scenes = fc.record({
  wishes,
  status: fc.constantFrom(
    "active" as const,
    "active" as const,
    "jailed" as const,
    "ejected" as const,
  ),
  /** Others that wait in the lanes of those that rise and of newcomers. */
  rising: fc.nat({ max: 3 }),
  seats: fc.nat({ max: 3 }),
  waits: fc.option(fc.constantFrom("rising" as const, "seats" as const), { nil: undefined }),
  waitingMax: fc.integer({ min: 1, max: 4 }),
  entries: fc.nat({ max: 3 }),
  isUndated: fc.boolean(),
  isRisen: fc.boolean(),
  unbondingEntriesMax: fc.integer({ min: 1, max: 3 }),
});
type Scene = typeof scenes extends fc.Arbitrary<infer S> ? S : never;

function overlayOf(scene: Scene): StateOverlay {
  const overlay = createStateOverlay(state.tree);
  registerValidator(overlay, { id: known.id, key: known.signer.publicKey });
  const owner = { validator: one?.id ?? known.id, terms: [] };
  overlay.write(stateKey.consensusKey(toPublicKey(taken.id)), KeyRecord, owner);
  for (const id of [two?.id ?? known.id, known.id]) {
    // One waits for its first power, the other one perhaps for more of it.
    const record = readValidator(overlay, id);
    const stake =
      id === known.id || scene.isRisen ? record.stake + 5n * minimumStake : record.stake;
    const changed = { ...record, status: scene.status, stake: toAmount(stake) };
    overlay.write(stateKey.validator(id), ValidatorRecord, changed);
  }
  for (const lane of ["rising", "seats"] as const) {
    for (let at = 0; at < scene[lane]; at += 1) enqueue(overlay, lane, person(`${lane} ${at}`).id);
  }
  if (scene.waits !== undefined) for (const id of IDS) enqueue(overlay, scene.waits, id);
  const dated = Array.from({ length: scene.entries }, (_, at) => ({
    amount: toAmount(3n),
    freeAt: toTimestamp(at + 1),
  }));
  const last = scene.isUndated ? [{ amount: toAmount(7n), freeAt: NO_DATE }] : [];
  for (const id of IDS) writeUnbonding(overlay, id, { entries: [...dated, ...last] });
  return overlay;
}

/** Writes as an interpreter would hand them over: stakes, and balances before or after them. */
function writesOf({ wishes: all }: Scene, overlay: StateOverlay): readonly FieldWrite[] {
  return all.flatMap(({ who, halves, missing, isFirst }) => {
    const id = IDS[who] ?? known.id;
    const before = readStake(overlay, id);
    const wanted = before + (BigInt(halves) * minimumStake) / 2n;
    const after = wanted < 0n ? 0n : wanted;
    const account = NAMES[who] ?? "";
    const stake: FieldWrite = { account, field: "stake", before, after };
    const { balance } = readAccount(overlay, id);
    const gained = balance + before - after - (missing ?? 0n);
    const isTold = missing !== undefined && gained >= 0n;
    const money: FieldWrite = { account, field: "balance", before: balance, after: gained };
    const both = isTold ? [stake, money] : [stake];
    return isFirst ? both.toReversed() : both;
  });
}

const isOut = ({ status }: Pick<ValidatorRecord, "status">): boolean =>
  status === "jailed" || status === "ejected";

function laneFor(overlay: StateOverlay, id: AccountId, stake: bigint): Lane | undefined {
  const record = overlay.read(stateKey.validator(id), ValidatorRecord);
  const from = powerIn(state.votingSet, id);
  const to = (record !== undefined && isOut(record)) || stake < minimumStake ? 0n : stake;
  return from === to ? undefined : to < from ? "falling" : from === 0n ? "seats" : "rising";
}

/** The rules, one after the other, for each change of a stake. */
function expectedCode(scene: Scene, writes: readonly FieldWrite[], overlay: StateOverlay) {
  const asked = { rising: 0, seats: 0 };
  for (const { account, field, before, after } of writes) {
    if (field !== "stake" || before === after) continue;
    const id = toAccountId(fromHex(account));
    if (after > before) {
      const hasRecord = overlay.read(stateKey.validator(id), ValidatorRecord) !== undefined;
      if (!hasRecord && (account === toHex(NO_KEY) || account === toHex(taken.id)))
        return { code: "stake-key", detail: `${account} cannot be a consensus key` };
    } else {
      const money = writes.find((each) => each.account === account && each.field === "balance");
      if (money === undefined || money.after - money.before < before - after) {
        const detail = `${account} must receive its stake as balance`;
        return { code: "stake-withdrawal", detail };
      }
      const all = scene.entries + (scene.isUndated ? 1 : 0);
      if (all >= scene.unbondingEntriesMax && !scene.isUndated) {
        const detail = `${scene.unbondingEntriesMax} withdrawals are unbonding; wait until the first is released`;
        return { code: "stake-queue", detail };
      }
    }
    const lane = laneFor(overlay, id, after);
    if (lane !== "rising" && lane !== "seats") continue;
    const waiting = scene[lane] + (scene.waits === lane ? IDS.length : 0);
    if (scene.waits !== lane && waiting + asked[lane] >= scene.waitingMax) {
      const detail = `${scene.waitingMax} changes are waiting; try again after the next epoch boundary`;
      return { code: "stake-queue", detail };
    }
    asked[lane] += 1;
  }
  return undefined;
}

describe("stake that an invoke writes", () => {
  test("is refused for the first reason that there is, and for none that there is not", () => {
    const seen: Record<string, number> = { none: 0 };
    fc.assert(
      fc.property(scenes, (scene) => {
        const overlay = overlayOf(scene);
        const writes = writesOf(scene, overlay);
        const bounds = { ...STATE_BOUNDS, ...scene };
        const right = expectedCode(scene, writes, overlay);
        expect(findStakeDefect(writes, overlay, { state, bounds })).toEqual(right);
        const name = right === undefined ? "none" : `${right.code} ${right.detail.slice(-6)}`;
        seen[name] = (seen[name] ?? 0) + 1;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(Object.keys(seen)).toHaveLength(5);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });

  test("moves to where the rules want it: record, lane, lock and date", () => {
    const seen = { fresh: 0, dated: 0, undated: 0 };
    fc.assert(
      fc.property(scenes, (scene) => {
        const overlay = overlayOf(scene);
        const writes = writesOf(scene, overlay);
        const bounds = { ...STATE_BOUNDS, waitingMax: 99, unbondingEntriesMax: 9 };
        fc.pre(findStakeDefect(writes, overlay, { state, bounds }) === undefined);
        const earlier = new Map(
          IDS.map((id) => [toHex(id), overlay.read(stateKey.validator(id), ValidatorRecord)]),
        );
        const lengths = { rising: lengthOf(overlay, "rising"), seats: lengthOf(overlay, "seats") };
        for (const { account, field, after } of writes) {
          if (field !== "balance") continue;
          const id = toAccountId(fromHex(account));
          const { nonce } = readAccount(overlay, id);
          overlay.write(stateKey.account(id), Account, { balance: toAmount(after), nonce });
        }
        const balances = new Map(IDS.map((id) => [toHex(id), readAccount(overlay, id).balance]));

        applyStakeWrites(writes, overlay, { now, state });

        const fresh = { rising: 0, seats: 0 };
        for (const { account, field, before, after } of writes) {
          if (field !== "stake") continue;
          const id = toAccountId(fromHex(account));
          const record = earlier.get(account);
          if (before === after) {
            expect(overlay.read(stateKey.validator(id), ValidatorRecord)).toEqual(record);
            continue;
          }
          seen.fresh += record === undefined ? 1 : 0;
          const changed = readValidator(overlay, id);
          const byStake = after >= minimumStake ? "active" : "leaving";
          const status = record !== undefined && isOut(record) ? record.status : byStake;
          const key = record?.key ?? toPublicKey(id);
          expect(changed).toMatchObject({ stake: after, status, key });
          const lane = laneFor(overlay, id, after);
          if (lane !== undefined) expect(isWaiting(overlay, lane, id)).toBe(true);
          if ((lane === "rising" || lane === "seats") && scene.waits !== lane) fresh[lane] += 1;
          const withdrawn = before > after ? before - after : 0n;
          expect(readAccount(overlay, id).balance).toBe((balances.get(account) ?? 0n) - withdrawn);
          const { entries } = readUnbonding(overlay, id);
          const last = entries.at(-1);
          const open = scene.isUndated ? 7n : 0n;
          if (withdrawn === 0n) {
            expect(entries).toHaveLength(scene.entries + (scene.isUndated ? 1 : 0));
            continue;
          }
          // Power that is still in effect keeps the stake within reach.
          const isInEffect = lane === "falling";
          seen[isInEffect ? "undated" : "dated"] += 1;
          expect(entries).toHaveLength(scene.entries + 1);
          expect(last).toEqual({
            amount: open + withdrawn,
            freeAt: isInEffect ? NO_DATE : unbondsAt(now, state.parameters),
          });
        }
        for (const lane of ["rising", "seats"] as const) {
          expect(lengthOf(overlay, lane)).toBe(lengths[lane] + fresh[lane]);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 400, seed: 1 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});
