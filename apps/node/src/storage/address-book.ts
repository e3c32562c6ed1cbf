import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AddressBookStore } from "@aethel/p2p";
import { open, type RootDatabase } from "lmdb";
import { makeDirectory } from "../files/atomic-file.ts";

/** Bytes of address space for the address book. 2,048 entries take some 4 MiB. */
const MAP_BYTES_MAX = 1 << 25;

/** First word after the header of LMDB's first page, and where it is at the latest. */
const MAGIC = Buffer.of(0xde, 0xc0, 0xef, 0xbe);
const MAGIC_WITHIN = 64;
/** Bytes of the two meta pages. */
const LEAST_BYTES = 8_192;

/** File that exists while an environment is read for the first time. */
const MARK = "reading";

/** Address book of peers on disk. */
export interface StoredAddressBook extends AddressBookStore, AsyncDisposable {}

/**
 * Opens the address book in its own LMDB environment, so that peers' addresses never share a file
 * with blocks. One that cannot be opened or read is replaced by an empty one: the node finds its
 * peers again.
 */
export function openAddressBook(directory: string): StoredAddressBook {
  let root = openOrReplace(directory);

  function attempt<T>(action: (database: RootDatabase<Uint8Array, string>) => T): T | undefined {
    try {
      return root === undefined ? undefined : action(root);
    } catch {
      return undefined;
    }
  }

  return {
    load: () => attempt((database) => [...database.getRange()].map(({ value }) => value)) ?? [],
    write(changes) {
      attempt((database) =>
        database.transactionSync(() => {
          for (const { peer, entry } of changes) {
            if (entry === undefined) database.removeSync(peer);
            else database.putSync(peer, entry);
          }
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      const closing = root;
      root = undefined;
      await closing?.close();
    },
  };
}

function openOrReplace(directory: string): RootDatabase<Uint8Array, string> | undefined {
  if (!isReadable(directory)) rmSync(directory, { recursive: true, force: true });
  try {
    makeDirectory(directory);
    const database = open<Uint8Array, string>({
      path: directory,
      mapSize: MAP_BYTES_MAX,
      encoding: "binary",
    });
    // Damage that only shows when a page is read ends the process, and the mark is left behind.
    const mark = path.join(directory, MARK);
    writeFileSync(mark, "");
    for (const { value } of database.getRange()) void value.length;
    rmSync(mark);
    return database;
  } catch {
    return undefined;
  }
}

/** Whether nothing is known against an environment: LMDB maps the file without checking it. */
function isReadable(directory: string): boolean {
  if (existsSync(path.join(directory, MARK))) return false;
  const file = path.join(directory, "data.mdb");
  if (!existsSync(file)) return true;
  const bytes = readFileSync(file);
  return bytes.length >= LEAST_BYTES && bytes.subarray(0, MAGIC_WITHIN).includes(MAGIC);
}
