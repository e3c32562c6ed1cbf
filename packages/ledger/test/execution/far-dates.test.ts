import { toTimestamp } from "@aethel/models";
import { expect, test } from "vitest";
import { executeBlock } from "../../src/index.ts";
import {
  accountArgument,
  amountArgument,
  build,
  createWorld,
  invoke,
  skip,
} from "../fixtures/world.ts";

const world = createWorld();
const head = skip(world, world.state, 5);
const stake = invoke(world, world.alice, {
  nonce: 0,
  intent: "stake",
  arguments: [accountArgument(world.alice.id), amountArgument(5_000_000n)],
});

test("a block dated so far ahead that no duration fits on top is refused, and throws nothing", () => {
  const block = build(world, head, { proofs: [stake] });
  for (const ahead of [2 ** 52 + 1, Number.MAX_SAFE_INTEGER]) {
    const late = { ...block, header: { ...block.header, timestamp: toTimestamp(ahead) } };
    expect(executeBlock(head, late, [undefined], world.tools)).toMatchObject({
      type: "invalid",
      defect: { code: "timestamp", latest: 2 ** 52, actual: ahead },
    });
  }
});

test("the last date that is taken can be built on", () => {
  const block = build(world, head, { proofs: [stake], now: toTimestamp(2 ** 52) });
  expect(executeBlock(head, block, [undefined], world.tools).type).toBe("executed");
});
