import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { complaintOf } from "../src/complaint.ts";
import { foundNetwork } from "../src/network.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aethel-found-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const complaint = (path: string): Promise<string> =>
  foundNetwork(path, 1).then(() => "founded", complaintOf);

test("a network that cannot be founded ends with one sentence, wherever it is to be", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");

  expect(await complaint(file)).toBe(
    `${join(file, "node-1")} goes through a file (ENOTDIR). Next: take another folder.`,
  );
  expect(await complaint(join(file, "a"))).toContain("goes through a file (ENOTDIR)");
  if (process.platform === "linux") {
    expect(await complaint("/proc/aethel")).toContain("/proc/aethel is not there (ENOENT)");
  }
});
