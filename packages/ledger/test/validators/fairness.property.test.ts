import fc from "fast-check";
import { expect, test } from "vitest";
import { type LedgerState } from "../../src/index.ts";
import { SYSTEM_SOURCE } from "../fixtures/calls.ts";
import { powerOf } from "../fixtures/validators.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  invoke,
  type Person,
  step,
  transfer,
} from "../fixtures/world.ts";

/** Two blocks an epoch. Nobody has a third of the power. */
const world = createWorld({
  stakes: [30_000_000n, 25_000_000n, 25_000_000n, 20_000_000n],
  balances: [100_000_000_000n, 1_000_000_000n, 1_000_000_000n],
  source: SYSTEM_SOURCE,
  parameters: { epochMs: 200 },
});
const [restless, patient] = world.validators as [Person, Person];
const newcomer = world.bob;
const FUND = 30_000_000_000n;
const LARGE = 900_000_000n;

const funded = [restless, patient].reduce(
  (state, { id }, nonce) =>
    step(world, state, { proofs: [transfer(world, world.alice, id, { nonce, amount: FUND })] })
      .state,
  world.state,
);

function move(state: LedgerState, who: Person, amount: bigint): ReturnType<typeof invoke> {
  const { nonce } = accountOf(state, who.id);
  const intent = amount > 0n ? "stake" : "unstake";
  const given = [accountArgument(who.id), amountArgument(amount > 0n ? amount : -amount)];
  return invoke(world, who, { nonce, intent, arguments: given, feeLimit: 10_000_000n });
}

test("nobody waits for ever behind a validator that wants more, then less, and is never served", () => {
  // It turns round when its power has come so far: before it has all that it wants, up or down.
  const turns = fc.array(fc.bigInt({ min: 90_000_000n, max: 200_000_000n }), {
    minLength: 20,
    maxLength: 20,
  });
  fc.assert(
    fc.property(turns, (all) => {
      let state = step(world, funded, { proofs: [move(funded, restless, LARGE)] }).state;
      const asked = [move(state, patient, 5_000_000n), move(state, newcomer, 5_000_000n)];
      state = step(world, state, { proofs: asked }).state;
      let isUp = true;
      for (const turn of all) {
        const wantsUp = powerOf(state, restless) < turn;
        const amount = wantsUp ? LARGE : -LARGE;
        const proofs = wantsUp === isUp ? [] : [move(state, restless, amount)];
        isUp = wantsUp;
        state = step(world, step(world, state, { proofs }).state).state;
      }
      expect(powerOf(state, patient)).toBe(30_000_000n);
      expect(powerOf(state, newcomer)).toBe(5_000_000n);
    }),
    { numRuns: 10 },
  );
});
