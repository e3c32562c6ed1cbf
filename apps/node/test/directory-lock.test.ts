import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NodeError } from "../src/failure/failure.ts";
import { lockDirectory } from "../src/files/directory-lock.ts";

let folder = "";
const lockFile = (): string => path.join(folder, "lock");
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aethel-lock-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the lock of a data directory", () => {
  test("is refused to a second holder, who learns the process, until it is released", () => {
    const first = lockDirectory(lockFile());

    expect(() => lockDirectory(lockFile())).toThrow(NodeError);
    expect(() => lockDirectory(lockFile())).toThrow(`in use by process ${process.pid}`);
    first.release();
    lockDirectory(lockFile()).release();
    // The file of the kernel lock stays; the note about the holder goes.
    expect(readdirSync(folder)).toEqual(["lock.sqlite"]);
  });

  test("of a process that was killed is taken over", async () => {
    const holder = spawn(process.execPath, [
      "--conditions=@aethel/source",
      "--input-type=module",
      "--eval",
      `import { lockDirectory } from ${JSON.stringify(lockModule)};
       lockDirectory(${JSON.stringify(lockFile())});
       console.log("held");
       setInterval(() => {}, 1000);`,
    ]);
    await once(holder.stdout, "data");
    expect(() => lockDirectory(lockFile())).toThrow(`in use by process ${holder.pid}`);

    holder.kill("SIGKILL");
    await once(holder, "exit");

    lockDirectory(lockFile()).release();
    expect(existsSync(lockFile())).toBe(false);
  });

  test("of a process whose number was used again is taken over", () => {
    writeFileSync(lockFile(), `${process.pid} 1 0123456789abcdef\n`);

    lockDirectory(lockFile()).release();

    expect(existsSync(lockFile())).toBe(false);
  });

  test("that holds no process is taken over", () => {
    writeFileSync(lockFile(), "");

    lockDirectory(lockFile()).release();

    expect(existsSync(lockFile())).toBe(false);
  });

  test("holds although somebody has removed the note about the holder", () => {
    const first = lockDirectory(lockFile());
    rmSync(lockFile());

    expect(() => lockDirectory(lockFile())).toThrow("in use by another process");
    first.release();
    first.release();
    lockDirectory(lockFile()).release();
  });
});

const lockModule = new URL("../src/files/directory-lock.ts", import.meta.url).href;
