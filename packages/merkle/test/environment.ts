import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { expect } from "vitest";
import type { MerkleError } from "../src/index.ts";
import { faultOf } from "./arbitraries.ts";

/** An LMDB environment in a folder of its own. */
export interface Environment {
  readonly path: string;
  readonly root: RootDatabase;
}

const opened: Environment[] = [];

export function environment(): Environment {
  const path = mkdtempSync(join(tmpdir(), "aethel-merkle-"));
  return { path, root: reopen(path) };
}

export function reopen(path: string): RootDatabase {
  // No test here loses power, so nothing need reach the disk.
  const root = open({ path, noSync: true });
  opened.push({ path, root });
  return root;
}

/** Closes and removes all that was opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const { path, root } of opened.splice(0)) {
    await root.close();
    rmSync(path, { recursive: true, force: true });
  }
}

/** The database below a store, to do damage in. */
export type Raw = Database<Uint8Array, Uint8Array>;

export function rawOf(root: RootDatabase): Raw {
  return root.openDB<Uint8Array, Uint8Array>({
    name: "tree",
    encoding: "binary",
    keyEncoding: "binary",
  });
}

export function expectDamaged(
  action: () => unknown,
): Extract<MerkleError["fault"], { code: "STORE_DAMAGED" }> {
  const fault = faultOf(action);
  if (fault.code !== "STORE_DAMAGED") throw new Error(`unexpected fault ${fault.code}`);
  expect(fault.store).toBe("tree");
  expect(fault.reason).not.toBe("");
  expect(fault.remedy).toContain("restore it from a backup or delete it and synchronize again");
  return fault;
}
