import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findUnderived } from "../../../src/contract/derivation/derive.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import { WRITTEN } from "../differential/written-contracts.ts";
import { contractOf } from "../oracle/judged-contract.ts";
import { type Mutant, mutants } from "./encoder-mutants.ts";
import { FEATURES } from "./feature-contracts.ts";
import { type Encoder, encoderFiles, loadEncoder, readEncoderFile } from "./load-encoder.ts";

const library = new URL("../../../library/contracts/", import.meta.url);
// Small ones first: most mutants show in one of them.
const contracts: readonly TypedContract[] = [
  ...FEATURES,
  ...WRITTEN.map(([, source]) => source),
  ...readdirSync(library)
    .filter((name) => name.endsWith(".ae"))
    .map((name) => readFileSync(new URL(name, library), "utf8")),
].map(contractOf);

/** Returns the reasons why an encoder's obligations are refused, of the first contract that tells. */
function refusalOf({ contractObligations, signObligations }: Encoder): string | undefined {
  for (const contract of contracts) {
    const signs = signObligations(contract);
    // With the signs of all sums proved, and of none.
    for (const shown of [new Set(signs.keys()), new Set<number>()]) {
      const obligations = contractObligations(contract, shown);
      const found = findUnderived(contract, { signs, shown, obligations });
      if (found !== undefined) return found.reason;
    }
  }
  return undefined;
}

/** Step by which mutants are tried in the normal run. */
const STRIDE = process.env["AETHEL_SLOW"] === "1" ? 1 : 3;

function titleOf({ file, plants }: Mutant): string {
  return `${file}: ${plants}`;
}

describe("the derivation checker", () => {
  test("derives all obligations of the encoder as it stands", async () => {
    expect(refusalOf(await loadEncoder(undefined))).toBeUndefined();
  });

  test("each mutant is a change of a text that stands once in the encoder", () => {
    const missing = mutants.filter(
      ({ file, from }) => readEncoderFile(file).split(from).length !== 2,
    );

    expect(missing.map(titleOf)).toEqual([]);
    expect(new Set(mutants.map(titleOf)).size).toBe(mutants.length);
  });

  test("every file that makes obligations has a mutant", () => {
    const files = new Set(mutants.map(({ file }) => file));

    const others = encoderFiles().filter((file) => !files.has(file));

    // What an obligation is about, remarks, and the pair of symbols and sums are in no proof.
    expect(new Set(others)).toEqual(new Set(["about", "remarks", "contract-terms"]));
  });

  const tried = mutants.filter((_, at) => at % STRIDE === 0);
  test.for(tried.map((one) => [titleOf(one), one] as const))(
    "%s: is refused",
    async ([, mutant]) => {
      const refusal = refusalOf(await loadEncoder(mutant));

      expect(refusal).toBeDefined();
    },
  );
});
