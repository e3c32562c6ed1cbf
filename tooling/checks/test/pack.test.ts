import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findImports, isBuiltin, packageOf } from "../src/imports.ts";
import {
  dependenciesOf,
  entriesOf,
  link,
  type Packed,
  unpackAll,
  userEnvironment,
} from "../src/packed.ts";
import { findPackages, ROOT, readRepository } from "../src/repository.ts";

/** Such as `packages/merkle`. */
const folders = findPackages(readRepository())
  .map(({ folder }) => folder)
  .filter((folder) => folder.startsWith("packages/"));

/** Examples of READMEs to be run from their tarballs, each with its output, if it has one. */
const examples: Readonly<Record<string, string>> = {
  "packages/models/examples/sign-and-certify.ts": "",
  "packages/merkle/examples/prove.ts": "bob is gone: { ok: true, value: undefined }",
  "packages/merkle/examples/persist.ts": "stored: {",
  "packages/pbft/examples/map.ts": "all four hold [",
  "packages/rewards/examples/one-block.ts": "",
};

let folder = "";
let packages: readonly Packed[] = [];

beforeAll(() => {
  for (const path of folders) {
    if (existsSync(join(ROOT, path, "dist", "index.js"))) continue;
    throw new Error(`${path} is not built: run \`npm run setup\` first`);
  }
  // Not inside of the repository, where Node would find the workspace's own packages.
  folder = realpathSync(mkdtempSync(join(tmpdir(), "aethel-packed-")));
  packages = unpackAll(folder, folders);
  link(folder, join(ROOT, "tooling", "checks"), "@types/node");
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }');
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the packed packages", () => {
  test("are the public ones, and hold what was built, sources, pages, examples, and no test", () => {
    expect(packages.map(({ name }) => name)).toContain("@aethel/merkle");
    expect(packages).toHaveLength(folders.length);
    for (const { name, files } of packages) {
      const strangers = files.filter(
        (file) =>
          !/^(?:(?:dist|docs|examples|src)\/[^.][\w./-]*|package\.json|README\.md|LICENSE)$/.test(
            file,
          ),
      );
      expect([name, strangers]).toEqual([name, []]);
      expect(files.filter((file) => /\.(?:test|bench)\.|tsbuildinfo/.test(file))).toEqual([]);
      for (const needed of ["package.json", "README.md", "LICENSE"])
        expect(files).toContain(needed);
    }
  });

  test("lack no file that an entry point names, and build with no other than released versions", () => {
    for (const packed of packages) {
      const { name, files, manifest } = packed;
      const entries = entriesOf(packed);
      expect(entries.length).toBeGreaterThan(0);
      for (const { code, types } of entries) {
        expect([name, files.includes(code), files.includes(types)]).toEqual([name, true, true]);
      }
      const versions = Object.values({
        ...manifest.dependencies,
        ...manifest.optionalDependencies,
        ...manifest.peerDependencies,
      });
      expect(
        versions.filter((version) => /^(?:workspace|catalog|link|file):/.test(version)),
      ).toEqual([]);
    }
  });

  test("are imported by plain JavaScript, every entry point, and give what was built", () => {
    const entries = packages.flatMap((packed) =>
      entriesOf(packed).map(({ specifier, code }) => ({
        specifier,
        place: join(packed.folder, code),
      })),
    );
    // A worker's entry point runs as a worker only.
    const imported = entries.filter(({ specifier }) => !specifier.endsWith("/worker"));
    const lines = imported.map(({ specifier }) => JSON.stringify(specifier));
    const script = `
      import { fileURLToPath } from "node:url";
      const found = [];
      for (const specifier of [${lines.join(", ")}]) {
        const names = Object.keys(await import(specifier));
        found.push([specifier, fileURLToPath(import.meta.resolve(specifier)), names.length]);
      }
      console.log(JSON.stringify(found));
      process.exit();`;
    const found: readonly (readonly [string, string, number])[] = JSON.parse(
      run("imports.js", script),
    );
    expect(found.map(([specifier, place]) => ({ specifier, place }))).toEqual(imported);
    for (const [, , names] of found) expect(names).toBeGreaterThan(0);
  });

  for (const [path, line] of Object.entries(examples)) {
    test(`run ${path}, copied as the README says`, () => {
      const [, name = "", , example = ""] = path.split("/");
      const home = join(folder, "node_modules", "@aethel", name, "examples");
      cpSync(home, join(folder, name), { recursive: true });
      // An example that is wrong throws, and then `start` does.
      expect(start(join(name, example))).toContain(line);
    });
  }

  test("have types that a strict consumer resolves under nodenext", () => {
    const specifiers = packages.flatMap((packed) =>
      entriesOf(packed).map(({ specifier }) => specifier),
    );
    const lines = specifiers.map((specifier, at) => `import * as entry${at} from "${specifier}";`);
    const uses = specifiers.map((_, at) => `entry${at}`);
    const consumer = `${lines.join("\n")}
      import { emptyTree, type Tree } from "@aethel/merkle";
      import { sha256 } from "@aethel/models";
      const tree: Tree = emptyTree.update([{ key: sha256(new Uint8Array()), value: Uint8Array.of(1) }]);
      const size: number = tree.size;
      // @ts-expect-error The types are there: a key is no text.
      emptyTree.get("alice");
      export const all: readonly object[] = [${uses.join(", ")}, { size }];`;
    writeFileSync(join(folder, "consumer.ts"), consumer);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          module: "nodenext",
          moduleResolution: "nodenext",
          target: "es2024",
          strict: true,
          noEmit: true,
          types: ["node"],
        },
        files: ["consumer.ts"],
      }),
    );
    const tsc = join(ROOT, "node_modules", ".bin", "tsc");
    expect(attempt(tsc, ["-p", join(folder, "tsconfig.json")])).toBe("");
  });

  test("import nothing, in code or in types, but Node, what they depend on, and what they hold", () => {
    for (const { name, folder: home, manifest, files } of packages) {
      const known = new Set([name, ...dependenciesOf(manifest)]);
      for (const path of files.filter((file) => /^dist\/.*(?:\.js|\.d\.ts)$/.test(file))) {
        const text = readFileSync(join(home, path), "utf8");
        for (const { specifier } of findImports({ path, text })) {
          const other = packageOf(specifier);
          const isThere =
            other === undefined
              ? existsSync(join(home, path, "..", declared(specifier, path)))
              : known.has(other) || isBuiltin(specifier);
          expect([name, path, specifier, isThere]).toEqual([name, path, specifier, true]);
        }
      }
    }
  });
});

/** In declarations TypeScript leaves `./a.ts`, by which it then understands `./a.d.ts`. */
function declared(specifier: string, path: string): string {
  return path.endsWith(".d.ts") ? specifier.replace(/\.ts$/, ".d.ts") : specifier;
}

/** Runs plain JavaScript in the folder, on Node without any condition, and gives what it prints. */
function run(name: string, script: string): string {
  writeFileSync(join(folder, name), script);
  return start(name);
}

/** Runs a file of the folder, and gives what it prints. */
function start(name: string): string {
  return execFileSync(process.execPath, [name], {
    cwd: folder,
    encoding: "utf8",
    env: userEnvironment,
  });
}

/** What the command says of files that are not of others; nothing if it has nothing to say. */
function attempt(command: string, args: readonly string[]): string {
  try {
    execFileSync(command, args, { cwd: folder, encoding: "utf8" });
    return "";
  } catch (error) {
    const lines = String((error as { readonly stdout?: string }).stdout).split("\n");
    return lines.filter((line) => line !== "" && !line.includes("/.pnpm/")).join("\n");
  }
}
