import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { openAddressBook } from "../src/storage/address-book.ts";

const bytes = (value: number) => new Uint8Array(8).fill(value);

function directory(): string {
  return path.join(mkdtempSync(path.join(tmpdir(), "aethel-peers-")), "peers");
}

describe("the address book on disk", () => {
  test("what was written and not removed is there after it was closed", async () => {
    const at = directory();
    const first = openAddressBook(at);
    first.write([
      { peer: "one", entry: bytes(1) },
      { peer: "two", entry: bytes(2) },
    ]);
    first.write([{ peer: "one", entry: undefined }]);
    await first[Symbol.asyncDispose]();
    await using again = openAddressBook(at);

    expect([...again.load()].map((each) => [...each])).toEqual([[...bytes(2)]]);
  });

  test("a file that is no address book is replaced by an empty one", async () => {
    const at = directory();
    await openAddressBook(at)[Symbol.asyncDispose]();
    for (const name of readdirSync(at)) writeFileSync(path.join(at, name), "not a database");
    await using book = openAddressBook(at);

    expect([...book.load()]).toEqual([]);
    book.write([{ peer: "one", entry: bytes(1) }]);
    expect([...book.load()]).toHaveLength(1);
  });

  test("one whose reading ended the process is replaced at the next start", async () => {
    const at = directory();
    const first = openAddressBook(at);
    first.write([{ peer: "one", entry: bytes(1) }]);
    await first[Symbol.asyncDispose]();
    writeFileSync(path.join(at, "reading"), "");
    await using book = openAddressBook(at);

    expect([...book.load()]).toEqual([]);
  });

  test("after it was closed nothing is read and nothing throws", async () => {
    const book = openAddressBook(directory());
    await book[Symbol.asyncDispose]();
    book.write([{ peer: "one", entry: bytes(1) }]);

    expect([...book.load()]).toEqual([]);
  });
});
