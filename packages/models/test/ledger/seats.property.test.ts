import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createValidatorSet,
  findGenesisProblems,
  indexOfValidator,
  SEATS_MAX,
  sha256,
  toAccountId,
  toAmount,
  toHex,
  toPublicKey,
} from "../../src/index.ts";
import { genesis } from "../sound-genesis.ts";

const idOf = (seed: number): ReturnType<typeof toAccountId> =>
  toAccountId(sha256(Uint8Array.of(seed)));

describe("seats of a validator set", () => {
  test("a member is found where a search from the first to the last finds it, nobody else", () => {
    const seeds = fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(seeds, fc.nat({ max: 255 }), (all, other) => {
        const set = createValidatorSet(
          all.map((seed) => ({
            id: idOf(seed),
            key: toPublicKey(sha256(Uint8Array.of(seed, 1))),
            power: toAmount(1n),
          })),
        );
        for (const seed of [...all, other]) {
          const id = toHex(idOf(seed));
          const at = set.validators.findIndex((member) => toHex(member.id) === id);
          expect(indexOfValidator(set, idOf(seed))).toBe(at < 0 ? undefined : at);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a genesis names no more than one value of the tree holds", () => {
    const [validator] = genesis.validators;
    if (validator === undefined) throw new Error("a sound genesis has validators");
    const validators = Array.from({ length: SEATS_MAX + 1 }, () => validator);
    const problems = findGenesisProblems({ ...genesis, validators });
    const about = problems.filter((problem) => problem.includes("members"));
    expect(about).toEqual([`validators has ${SEATS_MAX + 1} members: name at most ${SEATS_MAX}`]);
    const fewer = findGenesisProblems({ ...genesis, validators: validators.slice(1) });
    expect(fewer.some((problem) => problem.includes("members"))).toBe(false);
  });
});
