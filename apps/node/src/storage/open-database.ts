import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { PbftError } from "@aethel/pbft";
import { open, type RootDatabase } from "lmdb";
import { z } from "zod";
import { failure } from "../failure/failure.ts";
import { makeDirectory } from "../files/atomic-file.ts";
import type { Layout } from "../files/layout.ts";
import { databaseFailure, preallocate, prepareEnvironment, usedBytes } from "./preallocate.ts";

/** Bytes of address space for LMDB's memory map. Reserved address space uses no memory. */
const MAP_BYTES_MAX = 1 << 40;

/** Bytes for the first pages of the named databases. */
const OPENING_BYTES = 1 << 17;

/**
 * Exit code of a probe (see `probeDatabase`) that met an error of the disk, which it prints as
 * JSON.
 */
export const DISK_EXIT_CODE = 4;

/** Exit code of a probe (see `probeDatabase`) that found damage. */
export const DAMAGED_EXIT_CODE = 3;

/**
 * Opens the LMDB environment of a data directory. This process MUST hold the directory's lock.
 * Commits are synced to the disk before they return.
 * @throws NodeError `DATA_DIR_DAMAGED`; PbftError `STORAGE` if the disk is full, read-only or
 * broken.
 */
export async function openDatabase(layout: Layout): Promise<RootDatabase> {
  makeDirectory(layout.database);
  await prepareEnvironment(layout);
  let root: RootDatabase;
  try {
    root = open({
      path: layout.database,
      maxDbs: 32,
      mapSize: MAP_BYTES_MAX,
      encoding: "binary",
      keyEncoding: "binary",
      // `transactionSync` must be durable when it returns: a certificate may depend on it.
      overlappingSync: false,
    });
  } catch (cause) {
    const disk = databaseFailure(layout, cause);
    if (disk !== undefined) throw disk;
    throw damaged(layout, cause instanceof Error ? cause.message : String(cause), cause);
  }
  try {
    // Space is allocated before a page is written: a file that ends before its last page was cut.
    const { size } = await stat(path.join(layout.database, "data.mdb"));
    if (size < usedBytes(root)) throw damaged(layout, "data.mdb ends before its last page");
    // Reserves space for the named databases of a new environment. An old one needs none, so it can
    // be read on a full disk.
    if (usedBytes(root) < OPENING_BYTES) await preallocate(root, { layout, bytes: OPENING_BYTES });
    return root;
  } catch (error) {
    await root.close();
    throw error;
  }
}

/** Output of a probe (see `probeDatabase`) that met an error of the disk. */
const Refused = z.object({ path: z.string(), errno: z.string(), reason: z.string() });

/** Output of a probe (see `probeDatabase`) that found an undamaged store. `root` is in hex. */
const Found = z.object({
  sequence: z.int(),
  root: z.string(),
  keys: z.int(),
  oldestBlock: z.int(),
  oldestHeader: z.int(),
});
export type Found = z.infer<typeof Found>;

/**
 * Reads the whole environment in a child process, the probe. LMDB maps the file into memory, so a
 * truncated or corrupt file can kill the process that reads it (SIGBUS, SIGSEGV). Only the child
 * process then ends.
 * @returns undefined if nothing is stored yet.
 * @throws NodeError `DATA_DIR_DAMAGED`; PbftError `STORAGE` as `openDatabase`.
 */
export async function probeDatabase(layout: Layout): Promise<Found | undefined> {
  if (!existsSync(path.join(layout.database, "data.mdb"))) return undefined;
  const source = import.meta.filename.endsWith(".ts");
  const probe = fileURLToPath(new URL(source ? "./probe.ts" : "./probe.js", import.meta.url));
  const child = spawn(
    process.execPath,
    [...process.execArgv, probe, layout.directory, layout.database],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [answer, complaint, end] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(signal ?? String(code)));
    }),
  ]);
  if (end === "0") return Found.safeParse(JSON.parse(answer)).data;
  if (end === String(DISK_EXIT_CODE)) {
    throw new PbftError({ code: "STORAGE", ...Refused.parse(JSON.parse(answer)) });
  }
  const isSaid = end === String(DAMAGED_EXIT_CODE);
  throw damaged(layout, isSaid ? complaint.trim() : `reading it ended with ${end}`);
}

/** Creates the error for stored data that differs from what was written. */
export function damaged(layout: Layout, reason: string, cause?: unknown): Error {
  const prefix = `the data directory ${layout.directory} is damaged: `;
  return failure(
    "DATA_DIR_DAMAGED",
    // The message of a probe has the prefix already.
    reason.startsWith(prefix) ? reason : `${prefix}${reason}`,
    "keep a copy of it, then delete `database` in it and start the node, which fetches the blocks from its " +
      "peers; keep `keys` and `signing.log` as they are",
    cause,
  );
}
