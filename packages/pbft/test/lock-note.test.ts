import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockFile } from "../src/file/index.ts";
import { PbftError, type PbftFault } from "../src/index.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-lock-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true, force: true });
});

/** The fault with which a second one is refused. */
function refusal(path: string): PbftFault | undefined {
  try {
    lockFile(path).release();
    return undefined;
  } catch (error) {
    if (error instanceof PbftError) return error.fault;
    throw error;
  }
}

describe("a lock that somebody holds", () => {
  test("is refused with whatever its note says; a note that says nothing names nobody", () => {
    const path = join(folder, "lock");
    const lock = lockFile(path);
    const notes = [
      ["1 77 token node-1\n", 1, "node-1"],
      ["4194304 - token node-2", 4_194_304, "node-2"],
      ["", 0, ""],
      ["\n", 0, ""],
      ["4194304", 4_194_304, ""],
      ["0 77 token node-3", 0, "node-3"],
      ["-1 77 token node-3", 0, "node-3"],
      ["1.5 77 token node-3", 0, "node-3"],
      ["a note of somebody", 0, "somebody"],
    ] as const;
    for (const [note, pid, host] of notes) {
      writeFileSync(path, note);
      expect(refusal(path), note).toEqual({ code: "LOCKED", path, pid, host });
    }
    rmSync(path);
    expect(refusal(path)).toEqual({ code: "LOCKED", path, pid: 0, host: "" });
    lock.release();
  });

  test("is told apart from a file system without locks also where no other file can be made", () => {
    // SQLite opens no path of 512 bytes or more: the lock fits, the file that is tried beside it does not.
    let deep = folder;
    while (deep.length < 480) deep = join(deep, "x".repeat(Math.min(200, 480 - deep.length)));
    mkdirSync(deep, { recursive: true });
    const path = join(deep, "lock");
    const lock = lockFile(path);

    expect(refusal(path)).toMatchObject({ code: "LOCKED", pid: process.pid, host: hostname() });
    lock.release();
    expect(refusal(path)).toBeUndefined();
  });

  test("is let go once, however often that is said, and then belongs to the next one", () => {
    const path = join(folder, "lock");
    const first = lockFile(path);
    first.release();
    first.release();
    const second = lockFile(path);
    first.release();

    expect(refusal(path)).toMatchObject({ code: "LOCKED", pid: process.pid });
    second.release();
    expect(refusal(path)).toBeUndefined();
  });
});

describe("the note of a lock", () => {
  test("has four fields also where the system does not tell when a process began", () => {
    const path = join(folder, "lock");
    const original = fs.readFileSync;
    vi.spyOn(fs, "readFileSync").mockImplementation((...given) => {
      if (String(given[0]).startsWith("/proc/")) throw new Error("ENOENT");
      return original(...given);
    });
    syncBuiltinESMExports();
    const lock = lockFile(path);
    const note = readFileSync(path, "utf8");

    expect(note).toMatch(/^[0-9]+ - [0-9a-f-]{36} \S+\n$/u);
    lock.release();
  });
});
