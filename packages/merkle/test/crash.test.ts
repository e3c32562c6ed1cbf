import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "lmdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTreeStore } from "../src/lmdb/index.ts";
import { treeAt } from "./crash-content.ts";

const KILLS = 10;
const writer = fileURLToPath(new URL("crash-writer.ts", import.meta.url));

let path = "";

beforeAll(() => {
  path = mkdtempSync(join(tmpdir(), "aethel-crash-"));
});

afterAll(() => {
  rmSync(path, { recursive: true, force: true });
});

describe("kill -9 of the writing process", () => {
  test("leaves the last version that it committed or the next one, never a mixture", async () => {
    let last = 0;
    let inside = 0;
    for (let round = 0; round < KILLS; round++) {
      const { begun, committed } = await writeUntilKilled({ versions: 3, delayMs: round * 1.5 });
      expect(committed).toBeGreaterThan(last);

      const root = open({ path });
      const loaded = createTreeStore(root).load();
      const block: unknown = root.openDB<unknown, string>({ name: "blocks" }).get("head");
      await root.close();

      const version = loaded?.version ?? 0;
      expect([committed, committed + 1]).toContain(version);
      expect(begun).toBeGreaterThanOrEqual(version);
      expect(loaded?.tree.root).toEqual(treeAt(version).root);
      expect(block).toBe(version);
      last = version;
      if (begun > version) inside++;
    }
    // Otherwise no kill hit a transaction, and the test showed nothing.
    expect(inside).toBeGreaterThan(0);
  });
});

/** Runs the writer, kills it without warning, and gives the last versions that it told of. */
async function writeUntilKilled({
  versions,
  delayMs,
}: {
  readonly versions: number;
  /** From the beginning of the transaction: it lingers long enough for the kill to hit any part. */
  readonly delayMs: number;
}): Promise<{ readonly begun: number; readonly committed: number }> {
  const child = spawn(process.execPath, ["--conditions=@aethel/source", writer, path], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Not "exit": the pipe may still hold lines then.
  const closed = once(child, "close");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let output = "";
  let isKilled = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (isKilled || output.split("begun").length <= versions) return;
    isKilled = true;
    setTimeout(() => child.kill("SIGKILL"), delayMs);
  });
  const [, signal]: readonly unknown[] = await closed;
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${errors}`);
  const lastOf = (word: string): number => {
    const numbers = [...output.matchAll(new RegExp(`^${word} (\\d+)\n`, "gm"))];
    return Number(numbers.at(-1)?.[1]);
  };
  return { begun: lastOf("begun"), committed: lastOf("committed") };
}
