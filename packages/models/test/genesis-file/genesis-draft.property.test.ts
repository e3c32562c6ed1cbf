import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addFounder,
  addFounderToFile,
  type Founder,
  findFounderProblems,
  readGenesisDraft,
  writeGenesisFile,
} from "../../src/genesis-file/index.ts";
import {
  createSigner,
  type Genesis,
  hashGenesis,
  sha256,
  toAccountId,
  toAmount,
  toHex,
} from "../../src/index.ts";
import { genesis as sound } from "../sound-genesis.ts";

const empty: Genesis = { ...sound, validators: [], accounts: [], faucet: undefined, assets: [] };

/** One of a hundred people, who stakes and keeps something. */
const founders: fc.Arbitrary<Founder> = fc
  .record({ who: fc.nat({ max: 99 }), stake: fc.nat({ max: 1_000 }), balance: fc.nat({ max: 9 }) })
  .map(({ who, stake, balance }) => {
    const of = (what: string): Uint8Array => sha256(new TextEncoder().encode(`${what} ${who}`));
    const id = toAccountId(of("account"));
    return {
      validator: {
        id,
        key: createSigner(of("key")).publicKey,
        stake: toAmount(sound.parameters.minimumStake + BigInt(stake)),
      },
      account: balance === 0 ? undefined : { id, balance: toAmount(BigInt(balance)) },
    };
  });

const crowds = fc.uniqueArray(founders, {
  selector: ({ validator }) => toHex(validator.id),
  minLength: 1,
  maxLength: 7,
});

const chainOf = (text: string): string => {
  const reading = readGenesisDraft(text);
  return reading.ok ? toHex(hashGenesis(reading.genesis)) : "";
};

describe("a draft that founders are added to", () => {
  test("whoever adds the same founders in whatever order gets the same chain, and as a value too", () => {
    fc.assert(
      fc.property(crowds, fc.infiniteStream(fc.nat()), (crowd, numbers) => {
        const order = crowd
          .map((founder) => ({ founder, at: numbers.next().value ?? 0 }))
          .toSorted((left, right) => left.at - right.at)
          .map(({ founder }) => founder);
        const add = (all: readonly Founder[]): string =>
          all.reduce(addFounderToFile, writeGenesisFile(empty));

        const chain = chainOf(add(crowd));

        expect(chain).toMatch(/^[0-9a-f]{64}$/);
        expect(chainOf(add(order))).toBe(chain);
        expect(toHex(hashGenesis(order.reduce(addFounder, empty)))).toBe(chain);
      }),
      { numRuns: 60 },
    );
  });

  test("what people wrote into the file stays: comments, blank lines, the text of intents", () => {
    fc.assert(
      fc.property(founders, (founder) => {
        const text = writeGenesisFile(empty)
          .replace("parameters:", "# agreed on by all four\nparameters:")
          .replace("validators: []", "validators: []   # not yet");

        const added = addFounderToFile(text, founder);

        const lines = new Set(added.split("\n").map((line) => line.trim()));
        const lost = text.split("\n").filter((line) => !lines.has(line.trim()));
        // The two lists that were empty, if both got an entry.
        for (const line of lost) expect(line).toMatch(/^(validators|accounts): \[\]/);
        expect(added).toContain("# agreed on by all four");
        expect(added).toContain("# not yet");
      }),
      { numRuns: 40 },
    );
  });

  test("a draft may lack validators and nothing else", () => {
    const text = writeGenesisFile(empty);

    expect(readGenesisDraft(text).ok).toBe(true);
    const broken = readGenesisDraft(text.replace("validators: []", "validators: [{}]"));
    expect(broken.ok).toBe(false);
    expect(readGenesisDraft(text.replace(/^ {2}epochMs: .*$/m, "")).ok).toBe(false);
    expect(readGenesisDraft(text.replace("validators: []\n", "")).ok).toBe(false);
  });

  test("a founder twice, another's key, or too little stake is a problem of that founder", () => {
    fc.assert(
      fc.property(founders, (founder) => {
        const once = addFounder(empty, founder);
        const poor = { ...founder.validator, stake: toAmount(sound.parameters.minimumStake - 1n) };

        expect(findFounderProblems(empty, founder)).toEqual([]);
        expect(findFounderProblems(once, founder)).not.toEqual([]);
        expect(findFounderProblems(empty, { ...founder, validator: poor })).toEqual([
          expect.stringContaining("minimumStake"),
        ]);
      }),
      { numRuns: 40 },
    );
  });
});
