import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errnoOf, makeFolders, nodeFileSystem } from "../src/file/index.ts";

let folder = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "aethel-folders-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function errnoFor(path: string): string | undefined {
  try {
    makeFolders(path);
    return undefined;
  } catch (error) {
    return errnoOf(error);
  }
}

describe("making folders", () => {
  test("makes exactly those that are missing, whatever is there, and none twice", () => {
    const names = fc.array(fc.constantFrom("a", "b", ".", ".."), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(names, { maxLength: 4 }), (paths) => {
        rmSync(join(folder, "x"), { recursive: true, force: true });
        for (const parts of paths) {
          // Of the dots in it, none leads out of the folder.
          const path = join(folder, "x", "x", "x", "x", "x", "x", ...parts);
          const made = makeFolders(path);
          expect(existsSync(path)).toBe(true);
          for (const [at, each] of made.entries()) {
            expect(relative(path, each).replaceAll("../", "").replace("..", "")).toBe("");
            if (at > 0) expect(dirname(each)).toBe(made[at - 1]);
          }
          expect(makeFolders(path)).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("ends with the errno of the system where a folder cannot be", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    symlinkSync("circle", join(folder, "circle"));
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));

    expect(errnoFor(file)).toBe("EEXIST");
    expect(errnoFor(join(file, "a", "b"))).toBe("ENOTDIR");
    expect(errnoFor(join(folder, "circle", "a"))).toBe("ELOOP");
    expect(errnoFor(join(folder, "dangling", "a"))).toBe("EEXIST");
    expect(errnoFor(join(folder, "n".repeat(300), "a"))).toBe("ENAMETOOLONG");
    await expect(nodeFileSystem.makeFolder(join(file, "a"))).rejects.toThrow("ENOTDIR");
  });

  test.runIf(process.platform === "linux")(
    "ends where the system says that a folder which is there is not",
    async () => {
      expect(errnoFor("/proc/aethel")).toBe("ENOENT");
      expect(errnoFor("/proc/aethel/a/b")).toBe("ENOENT");
      await expect(nodeFileSystem.makeFolder("/proc/aethel/a")).rejects.toThrow("ENOENT");
    },
  );
});
