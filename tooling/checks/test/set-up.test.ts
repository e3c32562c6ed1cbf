import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "../src/repository.ts";

/** A repository of one package, with the real scripts and an `npx` that only notes what it is asked. */
let clone = "";

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), "aethel-set-up-"));
  cpSync(path.join(ROOT, "tooling/scripts"), path.join(clone, "tooling/scripts"), {
    recursive: true,
  });
  write("package.json", JSON.stringify({ type: "module", packageManager: "pnpm@1.2.3" }));
  write("packages/one/package.json", "{}");
  write("packages/one/src/first.ts", "export {};");
  write("packages/one/src/deep/idea.ts", "export {};");
  write("apps/README.md", "no package");
  write("pnpm-lock.yaml", "lockfileVersion: 9");
  write("pnpm-workspace.yaml", "packages: []");
  fakeBuild("mkdir -p packages/one/dist");
});

afterEach(() => {
  rmSync(clone, { recursive: true });
});

describe("buildWhenStale", () => {
  test("builds once, and not again while nothing changes", () => {
    buildWhenStale();
    expect(builds()).toBe(1);

    buildWhenStale();
    expect(builds()).toBe(1);
  });

  test.each([
    ["a source was changed", () => touch("packages/one/src/deep/idea.ts")],
    ["a source was added", () => touch("packages/one/src/another.ts", "export {};")],
    ["a manifest was changed", () => touch("packages/one/package.json")],
    ["a source was removed", () => removeSource()],
    ["what was built is gone", () => rmSync(path.join(clone, "packages/one/dist"), RECURSIVE)],
    ["nobody knows when it was built", () => rmSync(builtStamp())],
    ["the stamp holds no date", () => writeFileSync(builtStamp(), "yesterday\n")],
    ["a package is new", () => addPackage()],
  ])("builds again when %s", (_, change) => {
    buildWhenStale();
    change();

    buildWhenStale();
    expect(builds()).toBe(2);
  });

  test("a source that changes while it is being built is built again", () => {
    fakeBuild("mkdir -p packages/one/dist; sleep 0.1; touch packages/one/src/deep/idea.ts");
    buildWhenStale();
    fakeBuild("true");

    buildWhenStale();
    expect(builds()).toBe(2);
  });

  test("a build that fails is shown, with what to do, and is tried again", () => {
    fakeBuild("mkdir -p packages/one/dist; echo 'idea.ts(1,1): error'; exit 1");
    const { status, stderr } = buildWhenStale();

    expect(status).toBe(1);
    expect(stderr).toContain("idea.ts(1,1): error");
    expect(stderr).toContain("Next: fix what is named above");
    buildWhenStale();
    expect(builds()).toBe(2);
  });
});

describe("install", () => {
  test("runs the pinned pnpm once for each lockfile", () => {
    run("install");
    run("install");
    expect(asked()).toEqual([expect.stringContaining("pnpm@1.2.3 install --frozen-lockfile")]);

    write("pnpm-lock.yaml", "lockfileVersion: 10");
    run("install");
    expect(asked()).toHaveLength(2);
  });
});

describe("a tool of the workspace", () => {
  test("runs in a clean clone with its arguments, after the packages are installed once", () => {
    fakeBuild(
      "printf '#!/bin/sh\\necho ran $@; exit 3' > node_modules/.bin/vitest; chmod +x node_modules/.bin/vitest",
    );
    const unit = (): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, ["tooling/scripts/tool.js", "vitest", "run", "--project", "x"], {
        cwd: clone,
        encoding: "utf8",
      });

    for (const { status, stdout } of [unit(), unit()]) {
      expect(stdout).toBe("ran run --project x\n");
      expect(status).toBe(3);
    }
    expect(asked()).toHaveLength(1);
  });

  test("is what the scripts of the repository run: nothing that only an installed one has", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    for (const [name, script] of Object.entries(scripts)) {
      expect(script, name).toMatch(/^node tooling\/[\w/]+\.js/);
    }
  });
});

describe("npm run pack", () => {
  const pack = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, ["tooling/scripts/pack.js", ...args], {
      cwd: clone,
      encoding: "utf8",
      env: { ...process.env, INIT_CWD: clone },
    });

  test("packs into a folder, and says what installs each package with those below it", () => {
    write("packages/one/package.json", '{ "name": "@aethel/one", "version": "1.0.0" }');
    const dependencies = { "@aethel/one": "workspace:^", zod: "catalog:" };
    const two = JSON.stringify({ name: "@aethel/two", version: "2.0.0", dependencies });
    write("packages/two/package.json", two);
    write("packages/two/src/idea.ts", "export {};");
    const { status, stdout } = pack("out");
    const folder = path.join(clone, "out");

    expect(status).toBe(0);
    expect(asked().at(-1)).toContain(`pack --pack-destination ${folder}`);
    const [one, both] = [`${folder}/aethel-one-1.0.0.tgz`, `${folder}/aethel-two-2.0.0.tgz`];
    expect(stdout).toContain(`@aethel/one\n  npm install ${one}\n`);
    expect(stdout).toContain(`@aethel/two\n  npm install ${both} ${one}\n`);
  });

  test("without a folder says how it is used, and packs nothing", () => {
    expect(pack()).toMatchObject({ status: 2, stderr: expect.stringContaining("usage: ") });
    expect(existsSync(path.join(clone, "asked"))).toBe(false);
  });
});

const RECURSIVE = { recursive: true };
const PAST = new Date("2020-01-01");

function write(file: string, text: string): void {
  const place = path.join(clone, file);
  mkdirSync(path.dirname(place), RECURSIVE);
  writeFileSync(place, text);
  utimesSync(place, PAST, PAST);
  age(path.dirname(place));
}

/** Folders are as old as what is in them. */
function age(folder: string): void {
  if (folder.length <= clone.length) return;
  utimesSync(folder, PAST, PAST);
  age(path.dirname(folder));
}

/** Changes a file a minute from now: clocks of file systems are coarse. */
function touch(file: string, text?: string): void {
  if (text !== undefined) write(file, text);
  const soon = new Date(Date.now() + 60_000);
  utimesSync(path.join(clone, file), soon, soon);
}

function removeSource(): void {
  rmSync(path.join(clone, "packages/one/src/first.ts"));
  touch("packages/one/src");
}

function addPackage(): void {
  write("apps/two/package.json", "{}");
  write("apps/two/src/main.ts", "export {};");
}

function builtStamp(): string {
  return path.join(clone, "node_modules/.aethel-built");
}

/** What the build does, in the folder of the clone. */
function fakeBuild(script: string): void {
  write("node_modules/.bin/npx", `#!/bin/sh\necho "$@" >> asked\n${script}\n`);
  utimesSync(path.join(clone, "node_modules/.bin/npx"), PAST, PAST);
  spawnSync("chmod", ["+x", path.join(clone, "node_modules/.bin/npx")]);
}

function asked(): readonly string[] {
  return readFileSync(path.join(clone, "asked"), "utf8").trim().split("\n");
}

function builds(): number {
  return asked().filter((line) => line.includes("turbo run build")).length;
}

function buildWhenStale(): { readonly status: number | null; readonly stderr: string } {
  return run("buildWhenStale");
}

function run(name: string): { readonly status: number | null; readonly stderr: string } {
  const script = `import { ${name} } from "./tooling/scripts/set-up.js"; await ${name}();`;
  return spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: clone,
    encoding: "utf8",
  });
}
