import { createTree, type Tree } from "@aethel/merkle";
import { sha256 } from "@aethel/models";
import { expect, test } from "vitest";
import { createSpeculations, type Executed } from "../../src/application/speculations.ts";

const key = Uint8Array.of(1);
const opened = createTree().update([{ key, value: Uint8Array.of(0) }]);

function executed(tree: Tree, name: number): Executed {
  const digest = sha256(Uint8Array.of(name));
  // Of an executed block, what is kept and given back is the version of the tree alone.
  return { type: "executed", state: { tree, digest } } as unknown as Executed;
}

function versionAfter(tree: Tree, value: number): Tree {
  return tree.update([{ key, value: Uint8Array.of(value) }]);
}

test("the last versions can be read, earlier ones are given back, the first never", () => {
  const speculations = createSpeculations(opened, { versionsMax: 3 });
  const versions = [opened];
  for (let at = 1; at <= 10; at++) {
    const tree = versionAfter(versions.at(-1) ?? opened, at);
    versions.push(tree);
    speculations.add(executed(tree, at));
    speculations.settle(executed(tree, at));
  }

  expect(versions.map((tree) => isReadable(tree))).toEqual([
    true,
    ...Array.from({ length: 7 }, () => false),
    ...Array.from({ length: 3 }, () => true),
  ]);
});

test("of blocks that were executed and not chosen, nothing is left", () => {
  const speculations = createSpeculations(opened, {});
  const trees = [1, 2, 3].map((value) => versionAfter(opened, value));
  for (const [at, tree] of trees.entries()) speculations.add(executed(tree, at));
  const [first = opened] = trees;
  speculations.settle(executed(first, 0));

  expect(trees.map(isReadable)).toEqual([true, false, false]);
  expect(speculations.get(sha256(Uint8Array.of(0)))).toBeUndefined();
});

test("when too many wait, the oldest goes", () => {
  const speculations = createSpeculations(opened, { speculationsMax: 2 });
  const trees = [1, 2, 3].map((value) => versionAfter(opened, value));
  for (const [at, tree] of trees.entries()) speculations.add(executed(tree, at));

  expect(trees.map(isReadable)).toEqual([false, true, true]);
  expect(speculations.get(sha256(Uint8Array.of(2)))?.state.tree).toBe(trees[2]);
});

test("a block that changes nothing has the version before it, which stays", () => {
  const speculations = createSpeculations(opened, { versionsMax: 1 });
  speculations.settle(executed(opened, 1));
  speculations.settle(executed(versionAfter(opened, 2), 2));
  speculations.settle(executed(versionAfter(opened, 3), 3));

  expect(isReadable(opened)).toBe(true);
});

function isReadable(tree: Tree): boolean {
  try {
    return tree.get(key) !== undefined;
  } catch {
    return false;
  }
}
