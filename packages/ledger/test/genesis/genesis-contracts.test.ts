import { describe, expect, test } from "vitest";
import { createPrograms, genesisState, LedgerError, readContractState } from "../../src/index.ts";
import { compiled, KEEPER, librarySource } from "../fixtures/contracts.ts";
import { judgedSource, judgedUncertified } from "../fixtures/judgements.ts";
import { createWorld, STANDARD_SOURCE, utf8 } from "../fixtures/world.ts";

const { genesis } = createWorld();

function stateWith(source: string, judged = judgedSource(utf8(source))) {
  const sources = [utf8(STANDARD_SOURCE), utf8(source)];
  const intents = sources.map((one) => ({ source: one }));
  const [standard = utf8("")] = sources;
  return genesisState({ ...genesis, intents }, [judgedSource(standard), judged], createPrograms());
}

function faultOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof LedgerError) return error.fault;
    throw error;
  }
  return undefined;
}

describe("a contract on the genesis list", () => {
  test("is published before the first block, and its supply is that of no other genesis", () => {
    const state = stateWith(KEEPER);
    const found = readContractState(state.tree, compiled(KEEPER).digest);
    expect(found?.contract.name).toBe("keeper");
    expect(found?.state.vaults.get("")).toBe(0n);
  });

  test("has no initial cells, whose deposit nobody would pay", () => {
    const source = librarySource("treasury");
    expect(faultOf(() => stateWith(source))).toEqual({
      code: "GENESIS_INTENT",
      at: 1,
      reason:
        "is a contract with 3 initial cells, whose deposit nobody pays; publish it once the chain runs",
    });
  });

  test("is certified, or the chain does not start", () => {
    const fault = faultOf(() => stateWith(KEEPER, judgedUncertified()));
    expect(fault).toMatchObject({ code: "GENESIS_INTENT", at: 1 });
  });
});
