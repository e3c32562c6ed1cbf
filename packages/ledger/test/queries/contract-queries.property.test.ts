import { emptyTree, type Tree } from "@aethel/merkle";
import {
  NATIVE_ASSET,
  toAccountId,
  toAmount,
  toDifficulty,
  toHex,
  toSequence,
  ZERO_DIGEST,
} from "@aethel/models";
import { compileContract, contractIntentDigest, type TypedContract } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ContractRecord,
  createPrograms,
  Holding,
  LANGUAGE_VERSION,
  stateKey,
} from "../../src/index.ts";
import { intentRecord } from "../../src/programs/contract-interface.ts";
import { type ContractQueries, createContractQueries } from "../../src/queries/contract-queries.ts";
import { createDirectory } from "../../src/queries/directory.ts";
import { createStateReader } from "../../src/queries/state-reader.ts";
import { cellCoding, encodeKeys, scalarsCoding } from "../../src/state/contract-codings.ts";
import { ContractIntentRecord } from "../../src/state/contract-records.ts";
import type { LedgerState } from "../../src/state/ledger-state.ts";

function compiled(name: string, limit: number): TypedContract {
  const result = compileContract(`contract ${name} {
    enum Side { left, right }
    state { scores: map[Int][Side] Amount; total: Amount = 5; last: Side = Side.right; }
    intent add(id: Int, side: Side) { guard { id < ${limit}; scores[id][side] < 9; }
      effect { scores[id][side] += 1; } } }`);
  if (result.type !== "contract") throw new Error(JSON.stringify(result));
  return result.contract;
}

/** A state with the records of these contracts, with a cell and a vault of each. */
function published(contracts: readonly TypedContract[]): Tree {
  const encoder = new TextEncoder();
  return emptyTree.update(
    contracts.flatMap((contract) => {
      const { digest, canonical, maps } = contract;
      const [map] = maps;
      if (map === undefined) throw new Error("it has a map");
      const certification = { kernelVersion: 1, certificateHash: ZERO_DIGEST };
      const record = {
        canonical: encoder.encode(canonical),
        difficulty: toDifficulty(1),
        author: toAccountId(digest),
        judgeVersion: 1,
        languageVersion: LANGUAGE_VERSION,
        sequence: toSequence(1),
        certification,
      };
      const cell = { map: 0, keys: encodeKeys(map, [-7n, 1n]) };
      const intent = contractIntentDigest(digest, "add");
      return [
        { key: stateKey.contract(digest), value: ContractRecord.encode(record) },
        {
          key: stateKey.contractIntent(intent),
          value: ContractIntentRecord.encode(intentRecord(contract, 0)),
        },
        { key: stateKey.scalars(digest), value: scalarsCoding(contract).encode([5n, 1n]) },
        {
          key: stateKey.vault(digest, NATIVE_ASSET),
          value: Holding.encode({ amount: toAmount(3n) }),
        },
        { key: stateKey.cell(digest, cell), value: cellCoding(map).encode(8n) },
      ];
    }),
  );
}

function queriesOf(tree: Tree): ContractQueries {
  const reader = createStateReader(() => ({ tree }) as LedgerState);
  return createContractQueries(reader, createDirectory(tree), createPrograms());
}

const many = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("a", "b", "bb", "c"), limit: fc.nat({ max: 9 }) }),
  {
    selector: ({ name, limit }) => `${name}${limit}`,
    maxLength: 12,
  },
);

describe("listings of contracts", () => {
  test("page by page are all contracts by name and digest, each once; of a name, those with the name", () => {
    const input = fc.tuple(
      many,
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.constantFrom("a", "bb", "x")),
    );
    fc.assert(
      fc.property(input, ([made, limit, wanted]) => {
        const contracts = made.map(({ name, limit: most }) => compiled(name, most));
        const { page } = queriesOf(published(contracts));
        const name = wanted ?? undefined;
        const seen: string[] = [];
        let pages = 0;
        let after: ReturnType<ContractQueries["page"]>["next"];
        do {
          const { entries, next } = page({ name, after, limit });
          expect(entries.length).toBeLessThanOrEqual(limit);
          seen.push(...entries.map((one) => `${one.name} ${toHex(one.digest)}`));
          after = next;
          pages += 1;
        } while (after !== undefined);
        // The last page says that it is the last.
        expect(pages).toBe(Math.max(1, Math.ceil(seen.length / limit)));

        const all = contracts.map((one) => `${one.name} ${toHex(one.digest)}`);
        expect(seen).toEqual(
          all.filter((one) => name === undefined || one.startsWith(`${name} `)).toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("by the first digits of a digest are those that begin with them, whatever the digits", () => {
    const contracts = Array.from({ length: 40 }, (_, at) => compiled("a", at));
    const digests = contracts.map(({ digest }) => toHex(digest)).toSorted();
    const { beginning } = queriesOf(published(contracts));
    const prefixes = fc.oneof(
      fc
        .tuple(fc.constantFrom(...digests), fc.nat({ max: 64 }))
        .map(([one, at]) => one.slice(0, at)),
      fc.stringMatching(/^[0-9a-f]{0,3}$/),
    );
    fc.assert(
      fc.property(prefixes, fc.integer({ min: 1, max: 50 }), (prefix, limit) => {
        const expected = digests.filter((one) => one.startsWith(prefix)).slice(0, limit);
        expect(beginning(prefix, limit).map(toHex)).toEqual(expected);
      }),
    );
  });
});

describe("the state of a contract", () => {
  const contract = compiled("escrow", 3);
  const queries = queriesOf(published([contract]));

  test("is read by value: scalars in their order, vaults, and cells by their keys", () => {
    expect(queries.scalars(contract)).toEqual([5n, 1n]);
    expect(queries.vault(contract.digest, NATIVE_ASSET)).toBe(3n);
    expect(queries.cell(contract, { map: 0, keys: [-7n, 1n] })).toBe(8n);
    expect(queries.cell(contract, { map: 0, keys: [-7n, 0n] })).toBeUndefined();
    expect(queries.cell(contract, { map: 1, keys: [-7n, 0n] })).toBeUndefined();
    expect(queries.typed(contract.digest)?.name).toBe("escrow");
    expect(queries.ofIntent(contractIntentDigest(contract.digest, "add"))).toEqual(
      intentRecord(contract, 0),
    );
    expect(queries.view(contract.digest)).toMatchObject({
      name: "escrow",
      text: contract.canonical,
    });
  });

  test("is no scalar for a published contract that declares none, and nothing for another", () => {
    const bare = { ...compiled("bare", 1), scalars: [] };
    const { scalars } = queriesOf(published([compiled("bare", 1)]));

    expect(scalars(bare)).toEqual([]);
    expect(scalars({ ...compiled("bare", 2), scalars: [] })).toBeUndefined();
  });

  test("of a contract that is not published is nothing", () => {
    const other = compiled("other", 3);

    expect(queries.view(other.digest)).toBeUndefined();
    expect(queries.typed(other.digest)).toBeUndefined();
    expect(queries.scalars(other)).toBeUndefined();
    expect(queries.vault(other.digest, NATIVE_ASSET)).toBeUndefined();
    expect(queries.ofIntent(other.digest)).toBeUndefined();
  });
});
