import { describe, expect, test } from "vitest";
import { findCircles, findLayerViolations, LAYERS, SHARED_BY_APPS } from "../src/layers.ts";
import { findPackages, readRepository } from "../src/repository.ts";
import { describeViolations } from "../src/violation.ts";
import { planted } from "./planted.ts";

const packages = findPackages(readRepository());

describe("the layers of the packages", () => {
  test("the packages are those of the table, and the apps and what these share are there", () => {
    const folders = packages.map(({ folder }) => folder);

    expect(folders.filter((folder) => folder.startsWith("packages/")).toSorted(byText)).toEqual(
      Object.keys(LAYERS)
        .map((name) => `packages/${name}`)
        .toSorted(byText),
    );
    const apps = ["node", "simulator", ...SHARED_BY_APPS].map((name) => `apps/${name}`);
    expect(folders).toEqual(expect.arrayContaining(apps));
  });

  test("every dependency and every import points up the list, and none reaches into a package", () => {
    expect(describeViolations(findLayerViolations(packages))).toEqual([]);
  });

  test("no packages need each other in a circle, tests included", () => {
    expect(describeViolations(findCircles(packages))).toEqual([]);
  });

  test("the table itself has no circle: each row names rows that come before it", () => {
    const before = new Set<string>();
    for (const [name, targets] of Object.entries(LAYERS)) {
      expect(targets.filter((target) => !before.has(target))).toEqual([]);
      before.add(name);
    }
  });
});

describe("the check of the layers", () => {
  const models = planted({ folder: "packages/models" });
  const pbft = planted({ folder: "packages/pbft", manifest: needs("@aethel/models") });
  const rulesFor = (file: string, text: string, manifest = {}): readonly string[] => {
    const merkle = planted({ folder: "packages/merkle", manifest, files: { [file]: text } });
    return describeViolations(findLayerViolations([models, pbft, merkle]));
  };

  test("finds a dependency that points down", () => {
    const ledger = planted({ folder: "packages/models", manifest: needs("@aethel/ledger") });

    expect(describeViolations(findLayerViolations([ledger]))).toEqual([
      "packages/models/package.json: packages/models must not depend on @aethel/ledger; remove the dependency",
    ]);
  });

  test("finds an import that points sideways, with its line, though package.json is silent", () => {
    const text = '\nimport type { Transport } from "@aethel/pbft";';

    expect(rulesFor("src/tree.ts", text)).toEqual([
      "packages/merkle/src/tree.ts:2: packages/merkle must not depend on @aethel/pbft; take what you need as a parameter, or move it up",
    ]);
  });

  test("finds an import of an app, from a package and from another app", () => {
    const text = 'import { start } from "@aethel/node-app";';
    const simulator = planted({ folder: "apps/simulator", files: { "src/main.ts": text } });

    expect(rulesFor("src/tree.ts", text)).toHaveLength(1);
    expect(findLayerViolations([simulator])).toHaveLength(1);
  });

  test("finds an import of what the apps share from a package, and of anything of ours from it", () => {
    const manifest = needs("@aethel/terminal");
    const text = 'import { group } from "@aethel/terminal";';
    const exports = { ".": "./src/index.ts" };
    const terminal = planted({ folder: "apps/terminal", manifest: { exports } });
    const node = planted({ folder: "apps/node", manifest, files: { "src/main.ts": text } });
    const curious = planted({ folder: "apps/terminal", manifest: needs("@aethel/models") });

    expect(rulesFor("src/tree.ts", text, manifest)).toHaveLength(2);
    expect(findLayerViolations([terminal, node])).toEqual([]);
    expect(describeViolations(findLayerViolations([curious]))).toEqual([
      "apps/terminal/package.json: apps/terminal must not depend on @aethel/models; remove the dependency",
    ]);
  });

  test("finds an import that reaches into a package, in tests too", () => {
    const manifest = needs("@aethel/models");
    const text = 'import { sha256 } from "@aethel/models/src/hash.ts";';

    expect(rulesFor("src/tree.ts", text, manifest)[0]).toContain("reaches into @aethel/models");
    expect(rulesFor("test/tree.test.ts", text, manifest)[0]).toContain("reaches into");
  });

  test("finds a relative import that leaves the package, or leaves src from within it", () => {
    expect(rulesFor("src/a.ts", 'import "../../models/src/hash.ts";')[0]).toContain("leaves");
    expect(rulesFor("src/a.ts", 'import "../test/oracle.ts";')[0]).toContain("leaves");
    expect(rulesFor("test/a.test.ts", 'import "../../models/src/hash.ts";')[0]).toContain("leaves");
    expect(rulesFor("test/a.test.ts", 'import "../src/index.ts";')).toEqual([]);
    expect(rulesFor("src/lmdb/a.ts", 'import "../index.ts";')).toEqual([]);
  });

  test("finds a package that is imported and not declared, or declared for tests alone", () => {
    const text = 'import { open } from "lmdb";';
    const forTests = { devDependencies: { lmdb: "catalog:" } };

    expect(rulesFor("src/a.ts", text)[0]).toContain("not declared");
    expect(rulesFor("src/a.ts", text, forTests)[0]).toContain("not declared");
    expect(rulesFor("test/a.test.ts", text, forTests)).toEqual([]);
    expect(rulesFor("src/a.ts", text, { optionalDependencies: { lmdb: "1" } })).toEqual([]);
  });

  test("accepts what the table allows, subpaths that are exported, and itself by name", () => {
    const manifest = needs("@aethel/models");

    expect(rulesFor("src/a.ts", 'import { sha256 } from "@aethel/models";', manifest)).toEqual([]);
    expect(rulesFor("examples/a.ts", 'import { prove } from "@aethel/merkle";')).toEqual([]);
    expect(rulesFor("src/a.ts", 'import { readFileSync } from "node:fs";')).toEqual([]);
  });

  test("finds a circle and names its way, be it through dependencies of tests", () => {
    const testkit = planted({ folder: "packages/testkit", manifest: needs("@aethel/ledger") });
    const ledger = planted({
      folder: "packages/ledger",
      manifest: { devDependencies: { "@aethel/testkit": "workspace:^" } },
    });

    expect(describeViolations(findCircles([models, pbft, testkit, ledger]))).toEqual([
      "packages/testkit/package.json: packages need each other in a circle: @aethel/testkit -> @aethel/ledger -> @aethel/testkit; remove one of these dependencies",
    ]);
    expect(findCircles([models, pbft])).toEqual([]);
  });
});

function needs(name: string): { readonly dependencies: Readonly<Record<string, string>> } {
  return { dependencies: { [name]: "workspace:^" } };
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
