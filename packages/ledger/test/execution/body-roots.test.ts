import type { Block } from "@aethel/models";
import { expect, test } from "vitest";
import { executeBlock } from "../../src/index.ts";
import { build, createWorld, doubleVote, step, theorem } from "../fixtures/world.ts";

const world = createWorld();
const [accused] = world.validators;
if (accused === undefined) throw new Error("a world has validators");
const parent = step(world, world.state).state;

const proofs = [theorem(world, world.alice, "; valid", { nonce: 0 })];
const evidence = [doubleVote(world, { signer: accused.signer, accused, sequence: 1 })];
const bare = build(world, parent);
/** The same block once more but for one part of its body. */
const others = {
  "payload-root": build(world, parent, { proofs }),
  "annex-root": build(world, parent, { proofs }),
  "evidence-root": build(world, parent, { evidence }),
  "parent-certificate-root": build(world, parent, { voters: [0, 1, 2] }),
} satisfies Record<string, Block>;
const PARTS = [
  ["payload-root", "items"],
  ["annex-root", "annex"],
  ["evidence-root", "evidence"],
  ["parent-certificate-root", "parentCertificate"],
] as const;

function outcomeOf(block: Block): object {
  return executeBlock(
    parent,
    block,
    block.items.map(() => undefined),
    world.tools,
  );
}

test("a body is the one that its header names, each part for itself", () => {
  for (const [defect, part] of PARTS) {
    for (const [held, told] of [
      [others[defect], bare],
      [bare, others[defect]],
    ] as const) {
      // The part of one block under the header of the other.
      const forged: Block = { ...told, [part]: held[part] };
      expect(outcomeOf(forged)).toMatchObject({
        type: "invalid",
        defect: { code: "body", defect },
      });
    }
  }
  expect(outcomeOf(bare)).toMatchObject({ type: "executed" });
});
