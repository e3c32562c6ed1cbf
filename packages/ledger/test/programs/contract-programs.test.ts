import { sha256, toDigest } from "@aethel/models";
import { expect, test } from "vitest";
import { createPrograms } from "../../src/index.ts";
import { compiled, KEEPER } from "../fixtures/contracts.ts";
import { utf8 } from "../fixtures/world.ts";

test("a contract is storable if its canonical text compiles to the contract with its digest", () => {
  const keeper = compiled(KEEPER);
  const isStorable = (some: Partial<typeof keeper>): boolean =>
    createPrograms().contracts.isStorable({ ...keeper, ...some });

  expect(isStorable({})).toBe(true);
  expect(isStorable({ digest: toDigest(sha256(utf8("another"))) })).toBe(false);
  expect(
    isStorable({ canonical: keeper.canonical.replace("contract keeper", "contract other") }),
  ).toBe(false);
  expect(isStorable({ canonical: keeper.canonical.slice(0, -1) })).toBe(false);
});
