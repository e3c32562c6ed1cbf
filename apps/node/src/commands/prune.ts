import { count } from "@aethel/terminal";
import { type History, KEPT_BLOCKS_MIN, readConfig } from "../config/config.ts";
import { readGenesis } from "../config/genesis-file.ts";
import { openDataDirectory } from "../data-directory.ts";
import { failure } from "../failure/failure.ts";
import { lockDirectory } from "../files/directory-lock.ts";
import type { Layout } from "../files/layout.ts";
import { compactDatabase } from "../storage/compaction.ts";
import { createLedgerStore } from "../storage/ledger-store.ts";
import { openDatabase, probeDatabase } from "../storage/open-database.ts";
import { closeAndTrim } from "../storage/preallocate.ts";
import { type FloorRequest, pruneFloor } from "../storage/prune-floor.ts";
import { formatBytes } from "../terminal/format.ts";
import { note, print } from "../terminal/output.ts";

/**
 * Runs `aethel prune` on the directory of a stopped node: deletes the history that the
 * configuration does not keep, then gives its space back to the disk.
 */
export async function prune(options: {
  readonly dataDir: string;
  readonly keep?: string;
  readonly json?: boolean;
}): Promise<void> {
  const layout = await openDataDirectory(options.dataDir);
  const { history } = await readConfig(layout.config);
  const rule = options.keep === undefined ? history : parseKeep(options.keep);
  const lock = lockDirectory(layout.lock);
  try {
    const found = await probeDatabase(layout);
    const blocks = found === undefined ? 0 : await deleteHistory(layout, rule);
    if (options.json !== true) note("aethel: copying the database without its free pages");
    const sizes = (await compactDatabase(layout)) ?? { before: 0, after: 0 };
    const after = await probeDatabase(layout);
    const kept = { oldestBlock: after?.oldestBlock ?? 1, oldestHeader: after?.oldestHeader ?? 1 };
    if (options.json === true) {
      const head = after?.sequence ?? 0;
      print(JSON.stringify({ head, blocks, ...kept, bytes: sizes }));
      return;
    }
    print(`deleted ${count(blocks, "block")}; blocks are kept from ${kept.oldestBlock} on`);
    print(`the database had ${formatBytes(sizes.before)} and has ${formatBytes(sizes.after)}`);
  } finally {
    lock.release();
  }
}

async function deleteHistory(layout: Layout, rule: History): Promise<number> {
  const { parameters } = await readGenesis(layout.genesis);
  const root = await openDatabase(layout);
  try {
    const store = createLedgerStore(root, layout);
    const head = await store.last();
    if (head === undefined) return 0;
    const about: FloorRequest = { rule, store, head, parameters, blocksMin: KEPT_BLOCKS_MIN };
    const floor = await pruneFloor(about);
    let blocks = 0;
    for (let isDone = false; !isDone; ) {
      const step = await store.prune(floor);
      blocks += step.blocks;
      isDone = step.isDone;
    }
    return blocks;
  } finally {
    await closeAndTrim(root, { layout });
  }
}

/** Reads `full`, `headers`, `blocks:N` or `days:N`. @throws NodeError `USAGE`. */
export function parseKeep(text: string): History {
  if (text === "full" || text === "headers") return { keep: text };
  const [, keep, number = ""] = /^(blocks|days):(\d{1,9}(?:\.\d{1,3})?)$/.exec(text) ?? [];
  const last = Number(number);
  if (keep === "days" && last > 0) return { keep, last };
  if (keep === "blocks" && Number.isInteger(last) && last >= KEPT_BLOCKS_MIN) return { keep, last };
  throw failure(
    "USAGE",
    `${text} does not say what to keep`,
    `give full, headers, days:N, or blocks:N with at least ${KEPT_BLOCKS_MIN} blocks`,
  );
}
