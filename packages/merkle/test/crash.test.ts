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
    for (let round = 0; round < KILLS; round++) {
      const committed = await writeUntilKilled({ afterVersions: 3 + ((round * 5) % 13) });
      expect(committed).toBeGreaterThan(last);

      const root = open({ path });
      const loaded = createTreeStore(root).load();
      const block: unknown = root.openDB<unknown, string>({ name: "blocks" }).get("head");
      await root.close();

      const version = loaded?.version ?? 0;
      expect(version).toBeGreaterThanOrEqual(committed);
      expect(loaded?.tree.root).toEqual(treeAt(version).root);
      expect(block).toBe(version);
      last = version;
    }
  });
});

/** Runs the writer, kills it without warning, and gives the last version it had committed. */
async function writeUntilKilled({ afterVersions }: { afterVersions: number }): Promise<number> {
  const child = spawn(process.execPath, ["--conditions=@aethel/source", writer, path], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (output.split("\n").length > afterVersions) child.kill("SIGKILL");
  });
  const [, signal] = await exited;
  if (signal !== "SIGKILL") throw new Error(`the writer ended by itself: ${errors}`);
  // The last line may be cut; the one before it is whole.
  return Number(output.split("\n").at(-2));
}
