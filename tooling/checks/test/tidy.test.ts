import { homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { findCatalogViolations } from "../src/catalog-rules.ts";
import {
  findLockfileViolations,
  findMachineViolations,
  type Machine,
} from "../src/machine-rules.ts";
import { findReadmeViolations } from "../src/readme-rules.ts";
import { type File, findPackages, parseManifest, ROOT, readRepository } from "../src/repository.ts";
import { findSourceViolations, isSource } from "../src/source-rules.ts";
import { describeViolations } from "../src/violation.ts";
import { planted, source } from "./planted.ts";

const files = readRepository();
const packages = findPackages(files);

describe("the sources", () => {
  test("are short, in kebab-case, named by one idea, export by name, and are pure where they must be", () => {
    const sources = files.filter(({ path }) => isSource(path));

    expect(sources.length).toBeGreaterThan(20);
    expect(describeViolations(sources.flatMap(findSourceViolations))).toEqual([]);
  });
});

describe("the READMEs", () => {
  test("every package has one, with the five parts, in 120 lines, and an example that is a file", () => {
    const libraries = packages.filter(({ folder }) => folder.startsWith("packages/"));

    expect(libraries).toHaveLength(8);
    expect(describeViolations(libraries.flatMap(findReadmeViolations))).toEqual([]);
  });
});

describe("the repository", () => {
  test("names no folder of this machine or another, and no package registry", () => {
    const machine: Machine = {
      folders: [ROOT, dirname(ROOT), homedir()].filter((folder) => folder !== tmpdir()),
      hosts: hostsOf(process.env["npm_config_registry"]),
    };

    expect(
      describeViolations(files.flatMap((file) => findMachineViolations(file, machine))),
    ).toEqual([]);
  });

  test("its lockfile holds no address", () => {
    expect(describeViolations(findLockfileViolations(fileNamed("pnpm-lock.yaml")))).toEqual([]);
  });

  test("its catalog gives every version, and holds nothing that is not used", () => {
    const manifests = files
      .filter(({ path }) => /(?:^|\/)package\.json$/.test(path))
      .map(({ path, text }) => ({ file: path, manifest: parseManifest(text) }));

    expect(manifests.length).toBeGreaterThan(10);
    expect(
      describeViolations(findCatalogViolations(fileNamed("pnpm-workspace.yaml"), manifests)),
    ).toEqual([]);
  });
});

describe("the check of the sources", () => {
  const rules = (path: string, ...lines: readonly string[]): readonly string[] =>
    findSourceViolations(source(path, ...lines)).map(({ rule }) => rule);

  test("finds a file over 400 lines, and none with 400", () => {
    const lines = Array.from({ length: 401 }, (_, at) => `const n${at} = 0;`);

    expect(rules("packages/p2p/src/a.ts", ...lines)).toEqual(["has 401 lines, more than 400"]);
    expect(rules("packages/p2p/src/a.ts", ...lines.slice(1), "")).toEqual([]);
  });

  test.each(["viewChange.ts", "View.ts", "view_change.ts", "Deep/view.ts", "a--b.ts", "-a.ts"])(
    "finds that %s is not in kebab-case",
    (name) => {
      expect(rules(`packages/p2p/src/${name}`)).toEqual(["is not in kebab-case"]);
    },
  );

  test.each(["utils.ts", "helpers.ts", "codec/types.ts", "interfaces.ts"])(
    "finds that %s says nothing",
    (name) => {
      expect(rules(`apps/node/src/${name}`)[0]).toContain("is named");
    },
  );

  test("accepts names of one idea", () => {
    expect(rules("packages/p2p/src/http-api/view-change.ts")).toEqual([]);
    expect(rules("packages/merkle/src/ics23.ts")).toEqual([]);
  });

  test("finds exports of everything and of a default", () => {
    expect(rules("apps/node/src/a.ts", 'export * from "./b.ts";')).toEqual(["exports everything"]);
    expect(rules("apps/node/src/a.ts", "export default 1;")).toEqual(["exports a default"]);
    expect(rules("apps/node/src/a.ts", "export { a as default };")).toEqual(["exports a default"]);
    expect(rules("apps/node/src/a.ts", "// export default")).toEqual([]);
  });

  test.each([
    "Date.now()",
    "new Date(0)",
    "Math.random()",
    "performance.now()",
    "setTimeout(f, 1)",
    "setInterval(f, 1)",
    "console.log(1)",
    "a.localeCompare(b)",
    "n.toLocaleString()",
    "keys.sort()",
    "keys.toSorted( )",
    "`${Date.now()}`",
    'import { readFileSync } from "node:fs"',
    'import { readFileSync } from "fs"',
    'load("node:crypto")',
  ])("finds %s in a deterministic package, with its line, and leaves others alone", (code) => {
    for (const name of ["models", "merkle", "rewards", "ledger", "pbft"]) {
      const path = `packages/${name}/src/deep/a.ts`;
      const violations = findSourceViolations(source(path, "", code));
      expect(violations.map(({ line }) => line)).toEqual([2]);
    }
    expect(rules("packages/p2p/src/a.ts", code)).toEqual([]);
    expect(rules("packages/merkle/src/lmdb/a.ts", code)).toEqual([]);
    expect(rules("packages/pbft/src/file/a.ts", code)).toEqual([]);
  });

  test("accepts these words in comments and strings, and sorting with a comparator", () => {
    const lines = ["// Date.now()", 'f("new Date");', "keys.sort(compareBytes);", "update.now();"];

    expect(rules("packages/ledger/src/a.ts", ...lines)).toEqual([]);
  });
});

describe("the check of the READMEs", () => {
  const example = "run();\n";
  const good = `# x\n\nOne sentence.\n\n\`\`\`ts\n${example}\`\`\`\n\n## Guarantees\n\n## Limits\n\n## Errors\n\n## How it works\n`;
  const rules = (readme: string, examples: Readonly<Record<string, string>>): readonly string[] => {
    const contents = { "README.md": readme, ...examples };
    return findReadmeViolations(planted({ folder: "packages/x", files: contents })).map(
      ({ rule }) => rule,
    );
  };

  test("accepts one with all parts", () => {
    expect(rules(good, { "examples/run.ts": example })).toEqual([]);
  });

  test("finds a version of Node that is not the manifest's", () => {
    const rulesOf = (readme: string): readonly string[] =>
      findReadmeViolations(
        planted({
          folder: "packages/x",
          manifest: { engines: { node: ">=24.11" } },
          files: { "README.md": readme, "examples/run.ts": example },
        }),
      ).map(({ rule }) => rule);

    expect(rulesOf(good)).toEqual(["does not say which Node it needs"]);
    expect(rulesOf(`${good}Node 24 or later`)).toHaveLength(1);
    expect(rulesOf(`${good}Node 24.11 or later`)).toEqual([]);
  });

  test("finds a missing README, heading and example, and an example that differs", () => {
    const examples = { "examples/run.ts": example };
    const bare = planted({ folder: "packages/x" });

    expect(findReadmeViolations(bare).map(({ rule }) => rule)).toEqual(["is missing"]);
    expect(rules(good.replace("## Limits", "Limits"), examples)).toEqual([
      'has no heading "## Limits"',
    ]);
    expect(
      rules(
        good.replace("Limits", "Errors").replace("Errors\n\n## How", "Limits\n\n## How"),
        examples,
      ),
    ).toEqual(["has its headings in another order"]);
    expect(rules(good, {})).toEqual(["has no example"]);
    expect(rules(good.replace("run()", "ran()"), examples)).toEqual([
      "embeds no file of examples/ word for word",
    ]);
    expect(rules(good.replace(example, `${example}more();\n`), examples)).toEqual([
      "embeds no file of examples/ word for word",
    ]);
  });

  test("finds one with 121 lines", () => {
    const lines = good.trimEnd().split("\n").length;
    const long = (length: number): string => good + "line\n".repeat(length - lines);

    expect(rules(long(120), { "examples/run.ts": example })).toEqual([]);
    expect(rules(long(121), { "examples/run.ts": example })).toEqual([
      "has 121 lines, more than 120",
    ]);
  });
});

describe("the check for traces of a machine", () => {
  const machine: Machine = { folders: ["/srv/build/repo/", "/"], hosts: ["packages.example"] };
  const rules = (...lines: readonly string[]): readonly string[] =>
    findMachineViolations(source("docs/a.md", ...lines), machine).map(({ rule }) => rule);

  test("finds this machine's folders, and anybody's home", () => {
    // Put together here, or this file would break its own rule.
    const home = ["", "home", "somebody", "x"].join("/");

    expect(rules("see /srv/build/repo/README.md")).toHaveLength(1);
    expect(rules(`open ${home}`)).toHaveLength(1);
    expect(rules("a/srv/build/repo/x", "/srv/build/report/x", "https://a.example/home/b/")).toEqual(
      [],
    );
  });

  test("finds registries, by their kind or because this machine uses one", () => {
    const host = ["registry", "npmjs", "org"].join(".");

    expect(rules(`fetch https://${host}/x`)).toHaveLength(1);
    expect(rules(`registry=https://packages.example/npm`)).toHaveLength(1);
    expect(rules("https://github.com/x/y", "the offence registry")).toEqual([]);
  });

  test("finds an address in a lockfile, with its line", () => {
    const lock = source("pnpm-lock.yaml", "a: 1", "tarball: https://packages.example/a.tgz");

    expect(findLockfileViolations(lock).map(({ line }) => line)).toEqual([2]);
  });
});

describe("the check of the catalog", () => {
  const workspace = source(
    "pnpm-workspace.yaml",
    "packages:",
    "  - packages/*",
    "catalog:",
    '  "@scope/used": 1.0.0',
    "  idle: ^2.0.0",
    "allowBuilds:",
    "  other: true",
  );
  const rules = (dependencies: Readonly<Record<string, string>>): readonly string[] =>
    describeViolations(
      findCatalogViolations(workspace, [
        { file: "packages/x/package.json", manifest: { name: "x", dependencies } },
      ]),
    );

  test("finds what nobody uses, what it does not hold, and versions beside it", () => {
    const used = { "@scope/used": "catalog:", idle: "catalog:", "@aethel/models": "workspace:^" };

    expect(rules(used)).toEqual([]);
    expect(rules({ "@scope/used": "catalog:" })).toEqual([
      'pnpm-workspace.yaml:5: no package.json uses the catalog\'s "idle"; remove the entry',
    ]);
    expect(rules({ ...used, stranger: "catalog:" })[0]).toContain(
      '"stranger" is not in the catalog',
    );
    expect(rules({ ...used, idle: "2.0.0" })).toHaveLength(2);
  });
});

function fileNamed(path: string): File {
  const file = files.find((candidate) => candidate.path === path);
  if (file === undefined) throw new Error(`${path} is not in the repository`);
  return file;
}

function hostsOf(address: string | undefined): readonly string[] {
  return address === undefined || !URL.canParse(address) ? [] : [new URL(address).host];
}
