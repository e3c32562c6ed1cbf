/**
 * Entry of the process that reads a whole store for `probeDatabase`: a damaged LMDB file can kill
 * its reader. It prints its findings as JSON.
 */

import { toHex } from "@aethel/models";
import { PbftError } from "@aethel/pbft";
import { NodeError } from "../failure/failure.ts";
import { layoutOf } from "../files/layout.ts";
import { createLedgerStore } from "./ledger-store.ts";
import { DAMAGED_EXIT_CODE, DISK_EXIT_CODE, openDatabase } from "./open-database.ts";

const [directory = ".", folder] = process.argv.slice(2);
const usual = layoutOf(directory);
const layout = folder === undefined ? usual : { ...usual, database: folder };
try {
  const database = await openDatabase(layout);
  const summary = await createLedgerStore(database, layout).summary();
  await database.close();
  const found = summary === undefined ? {} : { ...summary, root: toHex(summary.root) };
  process.stdout.write(JSON.stringify(found));
} catch (error) {
  if (error instanceof PbftError && error.fault.code === "STORAGE") {
    process.stdout.write(JSON.stringify(error.fault));
    process.exitCode = DISK_EXIT_CODE;
  } else {
    process.stderr.write(error instanceof NodeError ? error.fault.message : String(error));
    process.exitCode = DAMAGED_EXIT_CODE;
  }
}
