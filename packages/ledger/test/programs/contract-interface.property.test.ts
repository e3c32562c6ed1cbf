import { contractIntentDigest, type TypedContract } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { intentRecord, interfaceOfIntent } from "../../src/programs/contract-interface.ts";
import { createPrograms } from "../../src/programs/programs.ts";
import { ContractIntentRecord } from "../../src/state/contract-records.ts";
import { readContract, readContractIntent } from "../../src/state/contracts.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { compiled, KEEPER, librarySource } from "../fixtures/contracts.ts";
import { createWorld, publish, step, utf8 } from "../fixtures/world.ts";

const world = createWorld();

const TYPES = ["Account", "Amount", "Int", "Bool", "Digest", "Signature", "Side", "Colour"];

const WORDS: Readonly<Record<string, number>> = { Side: 2, Colour: 3 };

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly modifier: "" | "signer " | "optional ";
}

const parameter: fc.Arbitrary<Omit<Parameter, "name">> = fc
  .record({
    type: fc.constantFrom(...TYPES, "Account"),
    modifier: fc.constantFrom<Parameter["modifier"]>("", "signer ", "optional "),
  })
  .map(({ type, modifier }) => ({ type, modifier: type === "Account" ? modifier : "" }));

const parameters: fc.Arbitrary<readonly Parameter[]> = fc
  .array(parameter, { maxLength: 16 })
  .map((all) =>
    all.map((one, at) => ({
      ...one,
      name: `${"p".repeat(1 + (at % 63))}${at % 10}_${at}`.slice(0, 64),
    })),
  );

const STATEMENTS = [
  "count += 1;",
  "cells[1] += 1;",
  "cells[count] += 2;",
  "pairs[2][Side.right] = count;",
  "vault.balance -= 1;",
  "assert count >= 0;",
];

const intents = fc.array(
  fc.record({ parameters, statements: fc.array(fc.constantFrom(...STATEMENTS), { maxLength: 6 }) }),
  { minLength: 1, maxLength: 5 },
);

type Intents = typeof intents extends fc.Arbitrary<infer T> ? T : never;

function sourceOf(all: Intents): string {
  const written = all.map(({ parameters: takes, statements }, at) => {
    const list = takes.map(({ name, type, modifier }) => `${modifier}${name}: ${type}`).join(", ");
    return `intent act${at}(${list}) { guard { count < ${at + 9}; } effect { ${statements.join(" ")} } }`;
  });
  return `contract shown {
    enum Side { left, right }
    enum Colour { red, green, blue }
    state { cells: map[Int] Amount; pairs: map[Int][Side] Amount; count: Amount = 0; }
    ${written.join("\n")}
  }`;
}

/** Publishes a source, and returns the records of its intents as the state has them. */
function recorded(source: string): {
  readonly contract: TypedContract;
  readonly records: readonly ContractIntentRecord[];
} {
  const contract = compiled(source);
  const options = { nonce: 0, resourceLimit: 1_000_000, feeLimit: 200_000_000n };
  const { state, results } = step(world, world.state, {
    proofs: [publish(world, world.alice, source, options)],
  });
  expect(results[0]?.outcome).toBe("applied");
  const overlay = createStateOverlay(state.tree);
  const stored = readContract(overlay, contract.digest);
  const records = contract.intents.map(({ name }) => {
    const found = readContractIntent(overlay, contractIntentDigest(contract.digest, name));
    if (found === undefined) throw new Error("the intent is published");
    expect(found.canonical()).toEqual(stored?.canonical);
    const { canonical: _, ...record } = found;
    return record;
  });
  return { contract, records };
}

describe("the recorded interface of a contract's intent", () => {
  test("equals the one that is computed from the stored text, for any contract", () => {
    fc.assert(
      fc.property(intents, (all) => {
        const { contract, records } = recorded(sourceOf(all));
        const again = compiled(contract.canonical);
        for (const [index, record] of records.entries()) {
          expect(record).toEqual(intentRecord(again, index));
          const published = { ...record, canonical: () => utf8(contract.canonical) };
          const loaded = createPrograms().contracts.load(published);
          const shown = interfaceOfIntent(record);
          expect(loaded).toMatchObject(shown);
          expect(record.textBytes).toBe(utf8(contract.canonical).length);
          expect(shown.name).toBe(`shown.act${index}`);
          const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
          const taken = record.parameters.map((one) => ({
            ...one,
            name: text(one.name),
            typeName: text(one.typeName),
          }));
          const written = all[index]?.parameters.map(({ name, type, modifier }) => ({
            name,
            kind: type in WORDS ? "enum" : type.toLowerCase(),
            typeName: type in WORDS ? type : "",
            words: WORDS[type] ?? 0,
            isSigner: modifier === "signer ",
            isOptional: modifier === "optional ",
          }));
          expect(taken).toEqual(written);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("is recorded for each intent of the library's contracts", () => {
    const names = ["escrow", "treasury", "allowance-token", "exchange", "voting"];
    for (const source of [KEEPER, ...names.map(librarySource)]) {
      const { contract, records } = recorded(source);
      expect(records).toEqual(contract.intents.map((_, index) => intentRecord(contract, index)));
    }
  });

  test("has one encoding, and no other bytes are decoded", () => {
    fc.assert(
      fc.property(intents, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, place, by) => {
        const contract = compiled(sourceOf(all));
        for (const index of contract.intents.keys()) {
          const record = intentRecord(contract, index);
          const bytes = ContractIntentRecord.encode(record);
          expect(ContractIntentRecord.decode(bytes)).toEqual(record);
          expect(ContractIntentRecord.fromJson(ContractIntentRecord.toJson(record))).toEqual(
            record,
          );
          expect(() => ContractIntentRecord.decode(bytes.subarray(1))).toThrow();
          const changed = bytes.slice();
          const at = place % bytes.length;
          changed[at] = (changed[at] ?? 0) ^ by;
          const other = orUndefined(() => ContractIntentRecord.decode(changed));
          if (other !== undefined) expect(ContractIntentRecord.encode(other)).toEqual(changed);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
