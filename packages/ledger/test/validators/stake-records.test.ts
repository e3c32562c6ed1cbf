import { toAccountId, toAmount, toPublicKey } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateKey } from "../../src/index.ts";
import { KeyRecord } from "../../src/state/offence-records.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { NO_DATE, Unbonding, ValidatorRecord } from "../../src/state/validator-records.ts";
import {
  canBeConsensusKey,
  isKeptOut,
  powerIn,
  readStake,
  readValidator,
  registerValidator,
  statusOf,
  wantedPower,
} from "../../src/validators/stake.ts";
import { readUnbonding, writeUnbonding } from "../../src/validators/unbonding.ts";
import { createWorld, person } from "../fixtures/world.ts";

const world = createWorld();
const { state } = world;
const { minimumStake } = state.parameters;
const newcomer = person("newcomer");

describe("a record of a staker", () => {
  test("begins with nothing earned, lost, counted or asked for, and its key is its own", () => {
    const overlay = createStateOverlay(state.tree);
    const key = newcomer.signer.publicKey;

    registerValidator(overlay, { id: newcomer.id, key });

    expect(overlay.read(stateKey.validator(newcomer.id), ValidatorRecord)).toEqual({
      key,
      stake: 0n,
      status: "leaving",
      rewards: 0n,
      tips: 0n,
      votes: 0,
      blocks: 0,
      offences: 0,
      slashed: 0n,
      recent: [],
      absent: 0,
      short: { votes: 0, blocks: 0, lastedMs: 0 },
      nextKey: undefined,
      convictedAt: undefined,
    });
    const owner = overlay.read(stateKey.consensusKey(key), KeyRecord);
    expect(owner).toEqual({ validator: newcomer.id, terms: [] });
    const other = { id: world.alice.id, key };
    expect(() => registerValidator(overlay, other)).toThrow("one owner");
  });

  test("stands for power from the least stake on, unless its validator is kept out", () => {
    const statuses = fc.constantFrom(
      "active" as const,
      "leaving" as const,
      "jailed" as const,
      "ejected" as const,
    );
    fc.assert(
      fc.property(statuses, fc.bigInt({ min: -2n, max: 2n }), (status, off) => {
        const overlay = createStateOverlay(state.tree);
        registerValidator(overlay, { id: newcomer.id, key: newcomer.signer.publicKey });
        const stake = toAmount(minimumStake + off);
        const record = { ...readValidator(overlay, newcomer.id), stake, status };
        overlay.write(stateKey.validator(newcomer.id), ValidatorRecord, record);
        const isOut = status === "jailed" || status === "ejected";

        expect(isKeptOut(record)).toBe(isOut);
        expect(readStake(overlay, newcomer.id)).toBe(stake);
        expect(statusOf(stake, state.parameters)).toBe(off < 0n ? "leaving" : "active");
        const power = off < 0n || isOut ? 0n : stake;
        expect(wantedPower(overlay, newcomer.id, state)).toBe(power);
      }),
      { numRuns: 60 },
    );
  });

  test("that is not there stands for no stake, no power and no lock", () => {
    const overlay = createStateOverlay(state.tree);

    expect(readStake(overlay, newcomer.id)).toBe(0n);
    expect(wantedPower(overlay, newcomer.id, state)).toBe(0n);
    expect(powerIn(state.votingSet, newcomer.id)).toBe(0n);
    expect(readUnbonding(overlay, newcomer.id)).toEqual({ entries: [] });
    expect(() => readValidator(overlay, newcomer.id)).toThrow("has a record");
    for (const [at, { id }] of world.validators.entries()) {
      expect(powerIn(state.votingSet, id)).toBe(world.genesis.validators[at]?.stake);
    }
  });

  test("of a lock that holds nothing is not written", () => {
    const overlay = createStateOverlay(state.tree);
    const entries = [{ amount: toAmount(5n), freeAt: NO_DATE }];

    writeUnbonding(overlay, newcomer.id, { entries });
    expect(overlay.read(stateKey.unbonding(newcomer.id), Unbonding)).toEqual({ entries });
    writeUnbonding(overlay, newcomer.id, { entries: [] });
    expect(overlay.changes()).toEqual([]);
  });
});

test("an id is a consensus key if it is a sound key and nobody's yet", () => {
  const overlay = createStateOverlay(state.tree);
  const unsound = toAccountId(new Uint8Array(32).fill(0xff));
  const [member] = world.validators;

  expect(canBeConsensusKey(overlay, newcomer.id)).toBe(true);
  expect(canBeConsensusKey(overlay, unsound)).toBe(false);
  expect(canBeConsensusKey(overlay, member?.id ?? unsound)).toBe(false);
  const key = toPublicKey(newcomer.id);
  overlay.write(stateKey.consensusKey(key), KeyRecord, { validator: world.alice.id, terms: [] });
  expect(canBeConsensusKey(overlay, newcomer.id)).toBe(false);
});
