import { assert, equalBytes, toView } from "@aethel/models";
import { expect, test } from "vitest";
import type { Observation } from "../../src/checkers/checker.ts";
import { createLeadershipChecker } from "../../src/checkers/leadership.ts";
import { createTestNetwork } from "../../src/index.ts";

test("leadership: a final block of a validator that leads none of its views is found", async () => {
  const first = await firstApplied();
  const { validators } = first.head;
  const { certificate, block } = first.finalized;
  const stranger = validators.validators.find(({ id }) => !equalBytes(id, block.header.proposer));
  assert(stranger !== undefined, "there are four validators");
  const checker = createLeadershipChecker(validators);
  const finalized = {
    block: { ...block, header: { ...block.header, proposer: stranger.id } },
    certificate: { ...certificate, view: toView(0) },
  };

  expect(checker.observe(first)).toBeUndefined();
  expect(checker.observe({ ...first, finalized })).toContain("which leads no view");
});

async function firstApplied(): Promise<Extract<Observation, { readonly type: "applied" }>> {
  let found: Observation | undefined;
  await using network = await createTestNetwork({
    nodeCount: 4,
    application: "counter",
    workEveryMs: 300,
    checkers: [
      {
        name: "collector",
        observe: (observation) => {
          if (observation.type === "applied") found ??= observation;
          return undefined;
        },
      },
    ],
  });
  await network.run(2_000);
  assert(found?.type === "applied", "the world finalized blocks");
  return found;
}
