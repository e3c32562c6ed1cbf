import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { drawWorld, runWorld, stateMachineKind, violationOf } from "../../src/index.ts";

const folder = new URL("../../", import.meta.url);

test("the page shows the example, whose worlds find the planted mistake and nothing in the sound one", async () => {
  const { verdicts, again } = await import("../../examples/own-application.ts");

  expect(verdicts.sound).toBeUndefined();
  expect(verdicts.hasty?.violation).toMatch(/^validity: node \d finalized a wrong block/);
  expect(`validity: ${again?.reason}`).toBe(verdicts.hasty?.violation);
  const example = await readFile(new URL("examples/own-application.ts", folder), "utf8");
  expect(await readFile(new URL("docs/your-application.md", folder), "utf8")).toContain(example);
});

test("state beside the state, which a restart forgets, is found; a world of one seed is the same each time", async () => {
  const forgetful = stateMachineKind<number>({
    name: "forgetful",
    work: (count) => Uint8Array.of(count >> 8, count & 255),
    machine: () => {
      let items = 0;
      return {
        initial: 0,
        root: (sum) => Uint8Array.of(sum % 251),
        apply: (sum) => {
          items += 1;
          return sum + items;
        },
      };
    },
  });
  const world = {
    ...drawWorld({ seed: 1, application: "forgetful", nodesMax: 4, faultsMs: 2_000 }),
  };
  const found = await violationOf(runWorld({ ...world, application: forgetful }));
  const again = await violationOf(runWorld({ ...world, application: forgetful }));

  expect(found).toBeDefined();
  expect([again?.reason, again?.step]).toEqual([found?.reason, found?.step]);
});
