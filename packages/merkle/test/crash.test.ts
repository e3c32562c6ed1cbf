import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTreeStore } from "../src/lmdb/index.ts";
import { chunksOf, KEEP, treeAt } from "./crash-content.ts";

const KILLS = 10;
const writer = fileURLToPath(new URL("crash-writer.ts", import.meta.url));

let path = "";

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "aethel-crash-"));
});

afterEach(() => {
  rmSync(path, { recursive: true, force: true });
});

describe("kill -9 of the writing process", () => {
  test("leaves the last version that it committed or the next one, never a mixture, and all that are kept", async () => {
    let [last, inside] = [0, 0];
    for (let round = 0; round < KILLS; round++) {
      const { begun, committed } = await runUntilKilled({ mode: "write", steps: 3, round });
      expect(committed).toBeGreaterThan(last);

      const root = open({ path });
      const store = createTreeStore(root, { keep: KEEP });
      const summary = store.verify();
      const roots = store.versions().map((version) => store.load({ version })?.tree.root);
      const block: unknown = root.openDB<unknown, string>({ name: "blocks" }).get("head");
      await root.close();

      const version = summary?.version ?? 0;
      expect([committed, committed + 1]).toContain(version);
      expect(begun).toBeGreaterThanOrEqual(version);
      expect(block).toBe(version);
      // Each third version prunes one more; then it grows to all again.
      const kept = Math.min(version, version % 3 === 0 ? KEEP - 1 : KEEP);
      expect(summary?.versions).toEqual(Array.from({ length: kept }, (_, at) => version - at));
      expect(roots).toEqual(summary?.versions.map((at) => treeAt(at).root));
      last = version;
      if (begun > version) inside++;
    }
    // Otherwise no kill hit a transaction, and the test showed nothing.
    expect(inside).toBeGreaterThan(0);
  });

  test("during an import leaves the stored tree whole, and the import at the last chunk or the next", async () => {
    let [last, inside, unfinished] = [0, 0, 0];
    for (let round = 0; round < KILLS; round++) {
      const { begun, committed } = await runUntilKilled({
        mode: "import",
        steps: 3 + round,
        round,
      });
      expect(committed).toBeGreaterThan(last);

      const root = open({ path });
      const store = createTreeStore(root, { keep: KEEP });
      const summary = store.verify();
      const block: unknown = root.openDB<unknown, string>({ name: "blocks" }).get("head");
      const version = summary?.version ?? 0;
      const coming = store.receive({ root: treeAt(version + 1).root, version: version + 1 });
      const { index } = coming;
      await root.close();

      expect(summary?.root).toEqual(version === 0 ? undefined : treeAt(version).root);
      // What is committed is the chunk before the next one, of this import or of the one before.
      const step = index > 0 ? (version + 1) * 1000 + index - 1 : version * 1000 + lastOf(version);
      expect(block).toBe(step);
      expect([committed, begun]).toContain(step);
      last = step;
      if (begun > step) inside++;
      if (index > 0) unfinished++;
    }
    expect(inside).toBeGreaterThan(0);
    expect(unfinished).toBeGreaterThan(0);
  });
});

function lastOf(version: number): number {
  return chunksOf(version).length - 1;
}

/** Runs the writer, kills it without warning, and gives the last steps that it told of. */
async function runUntilKilled({
  mode,
  steps,
  round,
}: {
  readonly mode: "write" | "import";
  readonly steps: number;
  readonly round: number;
}): Promise<{ readonly begun: number; readonly committed: number }> {
  const child = spawn(process.execPath, ["--conditions=@aethel/source", writer, mode, path], {
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
    if (isKilled || output.split("begun").length <= steps) return;
    isKilled = true;
    // A transaction lingers long enough for the kill to hit any part of it.
    setTimeout(() => child.kill("SIGKILL"), round * 1.5);
  });
  const [, signal]: readonly unknown[] = await closed;
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${errors}`);
  const lastOfWord = (word: string): number => {
    const numbers = [...output.matchAll(new RegExp(`^${word} (\\d+)\n`, "gm"))];
    return Number(numbers.at(-1)?.[1]);
  };
  return { begun: lastOfWord("begun"), committed: lastOfWord("committed") };
}
