import { KEY_KIND } from "@aethel/ledger";
import { createTree, type Tree } from "@aethel/merkle";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recertify } from "../src/storage/recertification.ts";
import { markUnchecked, uncheckedSnapshot } from "../src/storage/recertification-mark.ts";
import { stateHasher } from "../src/storage/state-hasher.ts";
import { emptyLayout, type Opened, openAt, removeAll } from "./snapshot-chain.ts";

let full: Opened;
let programs: number;

beforeAll(async () => {
  full = await openAt(await emptyLayout());
  programs =
    full.ledger.intents().length + full.ledger.contracts.page({ limit: 1_000 }).entries.length;
}, 60_000);

afterAll(async () => {
  await full.close();
  await removeAll();
});

describe("after an import of a snapshot", () => {
  test("the kernel checks every certificate in the state once, and then the mark is gone", async () => {
    const { database, layout, ledger } = full;
    database.transactionSync(() => markUnchecked(database, 20));
    await using first = recertify({ database, layout, tree: ledger.state().tree });
    expect(first.status()).toMatchObject({ state: "running", snapshot: 20, checked: 0 });
    await first.done;
    expect(programs).toBeGreaterThan(5);
    expect(first.status()).toEqual({
      state: "done",
      snapshot: 20,
      total: programs,
      checked: programs,
      failed: 0,
      failures: [],
    });
    expect(uncheckedSnapshot(database)).toBeUndefined();
    await using second = recertify({ database, layout, tree: ledger.state().tree });
    expect(second.status().state).toBe("none");
  });

  test.each([
    ["changed", KEY_KIND.intentCertificate, "the certificate is not the one that its record names"],
    [
      "changed",
      KEY_KIND.contractCertificate,
      "the certificate is not the one that its record names",
    ],
    ["missing", KEY_KIND.intentCertificate, "it has no certificate"],
  ] as const)(
    "a %s certificate of kind %i is counted and named, and the mark stays",
    async (how, kind, reason) => {
      const { database, layout, ledger } = full;
      database.transactionSync(() => markUnchecked(database, 20));
      const told: string[] = [];
      await using checking = recertify({
        database,
        layout,
        tree: damagedBy(ledger.state().tree, kind, how),
        onFailed: (failure) => told.push(failure.reason),
      });
      await checking.done;
      expect(checking.status()).toMatchObject({ state: "done", checked: programs, failed: 1 });
      expect(checking.status().failures).toMatchObject([{ reason }]);
      expect(told).toEqual([reason]);
      expect(uncheckedSnapshot(database)).toBe(20);
    },
  );

  test("a certificate of another program does not pass, though its record names it", async () => {
    const { database, layout, ledger } = full;
    const { tree } = ledger.state();
    const [one, other] = ledger.intents();
    if (one === undefined || other === undefined) throw new Error("there are two intents");
    const keyOf = (kind: number, digest: Uint8Array): Uint8Array => Uint8Array.of(kind, ...digest);
    const record = tree.get(keyOf(KEY_KIND.intent, other.digest));
    const certificate = tree.get(keyOf(KEY_KIND.intentCertificate, other.digest));
    const swapped = tree.update([
      { key: keyOf(KEY_KIND.intent, one.digest), value: record },
      { key: keyOf(KEY_KIND.intentCertificate, one.digest), value: certificate },
    ]);
    database.transactionSync(() => markUnchecked(database, 20));
    await using checking = recertify({ database, layout, tree: swapped });
    await checking.done;
    expect(checking.status().failures).toMatchObject([
      { reason: "its text is that of another program" },
    ]);
  });

  test("a check that is ended leaves the mark, so that the next start repeats it", async () => {
    const { database, layout, ledger } = full;
    database.transactionSync(() => markUnchecked(database, 20));
    const checking = recertify({ database, layout, tree: ledger.state().tree });
    await checking[Symbol.asyncDispose]();
    expect(checking.status().state).toBe("running");
    expect(uncheckedSnapshot(database)).toBe(20);
  });
});

function damagedBy(tree: Tree, kind: number, how: "changed" | "missing"): Tree {
  const found = [...tree.entries()].find(({ key }) => key[0] === kind);
  if (found === undefined) throw new Error("there is a certificate");
  const { key, value } = found;
  const copy = createTree({ hasher: stateHasher() }).update(tree.entries());
  return copy.update([
    { key, value: how === "missing" ? undefined : value.with(9, (value[9] ?? 0) ^ 1) },
  ]);
}
