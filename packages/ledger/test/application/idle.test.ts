import { describe, expect, test } from "vitest";
import { hasUnsettled } from "../../src/application/build-block.ts";
import { accountArgument, amountArgument, createWorld, invoke, step } from "../fixtures/world.ts";

/**
 * Whether an idle chain makes blocks for somebody who has staked, before the epoch boundary and
 * after it.
 */
function wantsBlocks(times: {
  readonly heartbeatIntervalMs: number;
  readonly epochMs: number;
}): readonly boolean[] {
  const parameters = { ...times, absenceMs: 1_000_000 };
  const world = createWorld({ parameters });
  const stake = invoke(world, world.alice, {
    nonce: 0,
    intent: "stake",
    arguments: [accountArgument(world.alice.id), amountArgument(20_000_000n)],
  });
  let { state } = step(world, world.state, { proofs: [stake] });
  // Pays for the one before: nothing is left but the change that waits.
  state = step(world, state).state;
  const before = hasUnsettled(state);
  while (state.clock.boundaries === 0) state = step(world, state).state;
  expect(state.votingSet.totalPower).toBe(120_000_000n);
  return [before, hasUnsettled(state)];
}

describe("an idle chain on which a change of power waits for an epoch boundary", () => {
  test("makes the blocks up to it at once where no heartbeat would bring it, and then stops", () => {
    expect(wantsBlocks({ heartbeatIntervalMs: 0, epochMs: 400 })).toEqual([true, false]);
    expect(wantsBlocks({ heartbeatIntervalMs: 400, epochMs: 400 })).toEqual([true, false]);
    expect(wantsBlocks({ heartbeatIntervalMs: 30_000, epochMs: 400 })).toEqual([true, false]);
  });

  test("waits for a heartbeat where those come more often than epoch boundaries", () => {
    expect(wantsBlocks({ heartbeatIntervalMs: 200, epochMs: 400 })).toEqual([false, false]);
    expect(wantsBlocks({ heartbeatIntervalMs: 399, epochMs: 400 })).toEqual([false, false]);
  });
});
