import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createSimdHasher,
  createTree,
  emptyTree,
  nobleHasher,
  releaseTree,
  type Tree,
} from "../src/index.ts";
import { handleOf } from "../src/tree/tree.ts";
import {
  applyToMap,
  changeLists,
  closePaths,
  faultOf,
  hex,
  pairsOf,
  pathHasher,
} from "./arbitraries.ts";
import { referenceRoot } from "./oracle.ts";
import { reachableFrom } from "./reachable.ts";

/** A version and the map that it must agree with. */
interface Version {
  readonly tree: Tree;
  readonly map: ReadonlyMap<string, Uint8Array>;
}

/** Step of a run; `of` names a version, modulo their number. */
type Step =
  | { readonly type: "update"; readonly of: number; readonly changes: (typeof sets)[number] }
  | { readonly type: "release"; readonly of: number }
  | { readonly type: "root"; readonly of: number };

const sets = [] as { key: Uint8Array; value: Uint8Array | undefined }[][];

describe("memory", () => {
  test("of versions that are forked and released in any order is freed, and no other", () => {
    fc.assert(
      fc.property(stepsOf(changeLists), (steps) => {
        runSteps(steps, createTree({ hasher: createSimdHasher() ?? nobleHasher }), undefined);
      }),
      { numRuns: 300 },
    );
  });

  test("of versions with long paths and large values is freed, and no other", () => {
    const changes = fc.array(
      fc.record({
        key: closePaths,
        value: fc.option(
          fc
            .tuple(fc.constantFrom(1, 8, 60, 4_000, 4_064, 4_065, 9_000), fc.nat({ max: 255 }))
            .map(([length, byte]) => new Uint8Array(length).fill(byte)),
          { nil: undefined, freq: 3 },
        ),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(stepsOf(changes), (steps) => {
        runSteps(steps, createTree({ hasher: pathHasher }), (key) => key);
      }),
      { numRuns: 150 },
    );
  });

  test("of a node that hundreds of versions share is freed with the last of them", () => {
    const key = (at: number): Uint8Array => Uint8Array.of(at >>> 8, at & 0xff);
    const changes = Array.from({ length: 300 }, (_, at) => ({ key: key(at), value: key(1) }));
    const first = createTree().update(changes);
    const { arena } = handleOf(first);
    const versions = [first];
    for (let at = 0; at < 500; at++) {
      const changed = [{ key: key(7), value: Uint8Array.of(1, at >>> 8, at & 0xff) }];
      versions.push((at % 2 === 0 ? first : (versions.at(-1) ?? first)).update(changed));
    }
    const roots = versions.map(({ root }) => hex(root));
    const kept = [versions[499], versions[3]];
    for (const tree of versions) if (!kept.includes(tree)) releaseTree(tree);
    arena.freeDropped(Number.POSITIVE_INFINITY);

    for (const tree of kept) {
      expect(tree?.size).toBe(300);
      expect(hex(tree?.root ?? key(0))).toBe(roots[versions.indexOf(tree ?? first)]);
      expect([...(tree?.entries() ?? [])].length).toBe(300);
    }
    expect(arena.live).toEqual(reachableFrom(kept.flatMap((tree) => tree ?? [])));
    for (const tree of kept) if (tree !== undefined) releaseTree(tree);
    arena.freeDropped(Number.POSITIVE_INFINITY);
    expect(arena.live).toEqual({ inner: 0, leaves: 0 });
  });

  test("of versions that nobody holds is freed by a garbage collection", () => {
    const child = fileURLToPath(new URL("freeing-probe.ts", import.meta.url));
    const options = ["--expose-gc", "--conditions=@aethel/source", child];
    const printed = execFileSync(process.execPath, options, { encoding: "utf8" });
    const { before, after, complete, reachable, lineage, large, twice } = JSON.parse(printed);

    expect(before.inner).toBeGreaterThan(reachable.inner * 3);
    expect(after).toEqual(reachable);
    expect(complete).toBe(true);
    expect(twice.live).toEqual(twice.reachable);
    // 20,000 keys are some four megabytes.
    expect(lineage.during - lineage.before).toBeGreaterThan(2_000_000);
    expect(lineage.after - lineage.before).toBeLessThan(1_000_000);
    // The last version is held while it is asked for: its value of a megabyte, and what it needs.
    expect(large.during - large.before).toBeGreaterThan(900_000);
    expect(large.after - large.before).toBeLessThan(900_000);
  });
});

describe("a released version", () => {
  test("throws RELEASED at whatever is read, also in the middle of its entries", () => {
    const key = Uint8Array.of(1);
    const two = [
      { key, value: key },
      { key: Uint8Array.of(2), value: key },
    ];
    const tree = createTree().update(two);
    const entries = tree.entries();
    expect(entries.next().done).toBe(false);
    const other = tree.update([{ key, value: Uint8Array.of(9) }]);
    releaseTree(tree);
    releaseTree(tree);

    const released = { code: "RELEASED" };
    expect(faultOf(() => tree.root)).toEqual(released);
    expect(faultOf(() => tree.get(key))).toEqual(released);
    expect(faultOf(() => tree.update([]))).toEqual(released);
    expect(faultOf(() => [...tree.entries()])).toEqual(released);
    expect(faultOf(() => entries.next())).toEqual(released);
    expect(other.get(key)).toEqual(Uint8Array.of(9));
    expect(other.size).toBe(2);
  });

  test("may be the empty one, which stays what it is: all trees begin with it", () => {
    const { root } = emptyTree;
    releaseTree(emptyTree);
    releaseTree(createTree());

    expect(emptyTree.root).toEqual(root);
    expect(emptyTree.get(Uint8Array.of(1))).toBeUndefined();
    expect(emptyTree.update([{ key: Uint8Array.of(1), value: Uint8Array.of(1) }]).size).toBe(1);
  });

  test("is not updated, even if it is the list of changes that releases it", () => {
    const tree = createTree().update([{ key: Uint8Array.of(1), value: Uint8Array.of(1) }]);
    function* changes() {
      yield { key: Uint8Array.of(2), value: Uint8Array.of(2) };
      releaseTree(tree);
    }
    expect(faultOf(() => tree.update(changes()))).toEqual({ code: "RELEASED" });
  });

  test("is not needed for a list of changes that updates other versions on its way", () => {
    const key = (at: number): Uint8Array => Uint8Array.of(at);
    const tree = createTree().update([{ key: key(1), value: key(1) }]);
    const warm = tree.update([{ key: key(2), value: key(2) }]);
    const inner: Tree[] = [];
    function* changes() {
      for (let at = 3; at < 30; at++) {
        yield { key: key(at), value: key(at) };
        inner.push(tree.update([{ key: key(100 + at), value: key(at) }]));
      }
    }
    const outer = warm.update(changes());

    expect(outer.size).toBe(29);
    for (let at = 3; at < 30; at++) expect(outer.get(key(at))).toEqual(key(at));
    for (const [at, version] of inner.entries()) {
      expect(version.get(key(103 + at))).toEqual(key(at + 3));
      expect(version.size).toBe(2);
    }
  });
});

function stepsOf(changes: fc.Arbitrary<(typeof sets)[number]>): fc.Arbitrary<Step[]> {
  const of = fc.nat();
  return fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constant("update" as const), of, changes }) },
      { weight: 3, arbitrary: fc.record({ type: fc.constant("release" as const), of }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant("root" as const), of }) },
    ),
    { maxLength: 20 },
  );
}

function runSteps(
  steps: readonly Step[],
  empty: Tree,
  pathOf: ((key: Uint8Array) => Uint8Array) | undefined,
): void {
  const seed = { key: new Uint8Array(32).fill(0x77), value: Uint8Array.of(1) };
  const versions: Version[] = [{ tree: empty.update([seed]), map: applyToMap(new Map(), [seed]) }];
  const arena = handleOf(versions[0]?.tree ?? empty).arena;
  for (const step of steps) {
    const at = step.of % Math.max(versions.length, 1);
    const version = versions[at];
    if (version === undefined) break;
    if (step.type === "root") expectContent(version, pathOf);
    else if (step.type === "update") {
      const tree = version.tree.update(step.changes);
      if (tree !== version.tree)
        versions.push({ tree, map: applyToMap(version.map, step.changes) });
    } else {
      releaseTree(version.tree);
      versions.splice(at, 1);
      // Some nodes are freed at once, the rest when cells are needed.
      arena.freeDropped(step.of % 5);
    }
  }

  for (const version of versions) expectContent(version, pathOf);
  arena.freeDropped(Number.POSITIVE_INFINITY);
  const inArena = versions.filter(({ tree }) => handleOf(tree).arena === arena);
  expect(arena.live).toEqual(reachableFrom(inArena.map(({ tree }) => tree)));
}

function expectContent(
  { tree, map }: Version,
  pathOf: ((key: Uint8Array) => Uint8Array) | undefined,
): void {
  expect(hex(tree.root)).toBe(hex(referenceRoot(pairsOf(map), pathOf)));
  expect(tree.size).toBe(map.size);
  for (const { key, value } of tree.entries()) expect(value).toEqual(map.get(hex(key)));
}
