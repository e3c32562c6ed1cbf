import { readFileSync } from "node:fs";
import { type GenesisAsset, ledgerHeader, toAmount, toHex } from "@aethel/models";
import { declaredAsset } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AssetRecord,
  assetTotals,
  findConservationDefect,
  Holding,
  type LedgerState,
  RESULT_CODES,
  stateKey,
  totalHeld,
} from "../../src/index.ts";
import {
  accountArgument,
  accountOf,
  amountArgument,
  createWorld,
  type Executed,
  invoke,
  type Person,
  person,
  publish,
  step,
  utf8,
  type World,
} from "../fixtures/world.ts";

const [alice, bob, carol] = [0, 1, 2].map((at) => person(`person ${at}`)) as [
  Person,
  Person,
  Person,
];
const people = [alice, bob, carol];
const work = { resourceLimit: 100_000, feeLimit: 1_000_000n };
const balances = people.map(() => 900_000_000n);
const NAMES = ["GOLD", "LEAD", "iron_2"];

/** The library's programs for an asset of this name, which `issuer` must sign for. */
function programsFor(name: string, issuer: Person): string {
  const declared = /^asset.*$/m;
  const text = ["issue-gold", "burn-gold", "transfer-gold"]
    .map((file) =>
      readFileSync(new URL(`../../../verifier/library/assets/${file}.ae`, import.meta.url)),
    )
    .map((bytes, at) => {
      const source = new TextDecoder().decode(bytes);
      return at === 0 ? source : source.replace(declared, "");
    })
    .join("\n");
  return text
    .replace(/issuer "[0-9a-f]{64}"/, `issuer "${toHex(issuer.id)}"`)
    .replace(/^const SUPPLY_MAX.*$/m, "")
    .replaceAll("SUPPLY_MAX", String((1n << 64n) - 1n))
    .replaceAll("GOLD", name)
    .replaceAll("_gold", `_${name}`);
}

interface Declared {
  readonly name: string;
  readonly issuer: Person;
  /** Holdings of the people, in their order. */
  readonly held: readonly bigint[];
}

function assetOf({ name, issuer, held }: Declared): GenesisAsset {
  const holdings = held.flatMap((amount, at) => {
    const who = people[at];
    return who === undefined || amount === 0n ? [] : [{ id: who.id, amount: toAmount(amount) }];
  });
  const supply = toAmount(held.reduce((sum, amount) => sum + amount, 0n));
  return { name: utf8(name), issuer: issuer.id, supply, holdings };
}

/** A world with these assets, whose programs are either of the genesis or published in block 1. */
function found(declared: readonly Declared[], options: { readonly inGenesis: boolean }): World {
  const source = declared.map(({ name, issuer }) => programsFor(name, issuer)).join("\n");
  const assets = declared.map(assetOf);
  return createWorld(options.inGenesis ? { balances, assets, source } : { balances, assets });
}

const idOf = ({ name, issuer }: Declared): Uint8Array & ReturnType<typeof declaredAsset>["id"] =>
  declaredAsset(name, toHex(issuer.id)).id;

function heldBy(state: LedgerState, who: Person, asset: Declared): bigint {
  const bytes = state.tree.get(stateKey.holding(who.id, idOf(asset)));
  return bytes === undefined ? 0n : Holding.decode(bytes).amount;
}

const recordOf = (state: LedgerState, asset: Declared): AssetRecord =>
  AssetRecord.decode(state.tree.get(stateKey.asset(idOf(asset))) ?? new Uint8Array());

interface Move {
  readonly by: Person;
  readonly intent: string;
  readonly given: readonly (Person | bigint)[];
  readonly with?: readonly Person[];
}

function play(world: World, state: LedgerState, move: Move): Executed {
  const { by, intent, given, with: others = [] } = move;
  const proof = invoke(world, by, {
    ...work,
    nonce: accountOf(state, by.id).nonce,
    intent,
    arguments: given.map((one) =>
      typeof one === "bigint" ? amountArgument(one) : accountArgument(one.id),
    ),
    cosigners: others.map((one) => ({ person: one, nonce: accountOf(state, one.id).nonce })),
  });
  return step(world, state, { proofs: [proof] });
}

const gold: Declared = { name: "GOLD", issuer: carol, held: [70n, 30n, 0n] };

describe("assets that a genesis declares", () => {
  const world = found([gold], { inGenesis: true });

  test("are in the state of sequence 0 under the id that sources mean, and sum to the supply", () => {
    expect(recordOf(world.state, gold)).toEqual({
      name: utf8("GOLD"),
      issuer: carol.id,
      supply: 100n,
    });
    expect(people.map((who) => heldBy(world.state, who, gold))).toEqual([70n, 30n, 0n]);
    expect(world.state.tree.get(stateKey.holding(carol.id, idOf(gold)))).toBeUndefined();
    expect([...assetTotals(world.state.tree.entries())]).toEqual([
      [toHex(idOf(gold)), { held: 100n, supply: 100n }],
    ]);
    expect(totalHeld(world.state.tree.entries())).toBe(
      ledgerHeader(world.state.header).supplyAfter,
    );
  });

  test("move in block 1; their supply does only with the issuer's signature", () => {
    const moved = play(world, world.state, {
      by: alice,
      intent: "transfer_GOLD",
      given: [alice, bob, 20n],
    });
    const forged = play(world, world.state, {
      by: bob,
      intent: "issue_GOLD",
      given: [bob, 1n],
    });
    const issued = play(world, world.state, {
      by: carol,
      intent: "issue_GOLD",
      given: [bob, 1n],
    });

    expect(moved.receipts[0]).toMatchObject({ outcome: "applied" });
    expect(people.map((who) => heldBy(moved.state, who, gold))).toEqual([50n, 50n, 0n]);
    expect(forged.receipts[0]).toMatchObject({
      outcome: "forbidden",
      errorCode: RESULT_CODES.issuer,
    });
    expect(recordOf(forged.state, gold).supply).toBe(100n);
    expect(issued.receipts[0]).toMatchObject({ outcome: "applied" });
    expect(recordOf(issued.state, gold).supply).toBe(101n);
  });

  test("are the same to a source that is published later, and another issuer's are others", () => {
    const later = found([gold], { inGenesis: false });
    const fake: Declared = { ...gold, issuer: bob };
    const published = [gold, fake].reduce(
      (done, { name, issuer }, nonce) =>
        step(later, done, {
          proofs: [publish(later, alice, programsFor(name, issuer), { nonce, ...work })],
        }).state,
      later.state,
    );

    expect(recordOf(published, gold).supply).toBe(100n);
    expect(heldBy(published, alice, gold)).toBe(70n);
    expect(recordOf(published, fake)).toMatchObject({ issuer: bob.id, supply: 0n });
    expect(heldBy(published, alice, fake)).toBe(0n);
  });

  test("a supply that nobody holds starts no chain", () => {
    const assets = [{ ...assetOf(gold), supply: toAmount(101n) }];

    expect(() => createWorld({ assets })).toThrow("assets[0].supply is 101");
  });
});

describe("P14: random assets of a genesis", () => {
  const declarations = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      issuer: fc.constantFrom(...people),
      held: fc.array(
        fc.oneof(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 1n << 62n })),
        { minLength: 3, maxLength: 3 },
      ),
    }),
    // One name of each: the programs of two assets of one name do not fit one source.
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  );
  const moves = fc.array(
    fc.record({
      verb: fc.constantFrom("transfer", "issue", "burn"),
      asset: fc.nat({ max: 2 }),
      from: fc.nat({ max: 2 }),
      to: fc.nat({ max: 2 }),
      amount: fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.constant((1n << 64n) - 1n)),
      everyone: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test("from block 1 on the holdings of each sum to its supply, which only its issuer changes", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(declarations, moves, (declared, some) => {
        const world = found(declared, { inGenesis: true });
        let { state } = world;
        const expected = new Map<Declared, bigint>(
          declared.map((one) => [one, one.held.reduce((sum, held) => sum + held, 0n)]),
        );
        const check = (): void => {
          const totals = assetTotals(state.tree.entries());
          expect(totals.size).toBe(declared.length);
          for (const [asset, supply] of expected) {
            expect(totals.get(toHex(idOf(asset)))).toEqual({ held: supply, supply });
          }
        };
        check();
        for (const { verb, asset: at, from, to, amount, everyone } of some) {
          const asset = declared[at % declared.length] ?? gold;
          const [by, other] = [people[from] ?? alice, people[to] ?? bob];
          const intent = `${verb}_${asset.name}`;
          const given = {
            transfer: [by, other, amount],
            issue: [other, amount],
            burn: [by, amount],
          };
          const others = everyone ? people.filter((one) => one !== by) : [];
          const done = play(world, state, { by, intent, given: given[verb], with: others });
          state = done.state;
          const outcome = done.receipts[0]?.outcome ?? "none";
          seen.set(`${verb} ${outcome}`, (seen.get(`${verb} ${outcome}`) ?? 0) + 1);
          if (outcome === "applied" && verb !== "transfer") {
            expect(everyone || by === asset.issuer).toBe(true);
            const change = verb === "issue" ? amount : -amount;
            expected.set(asset, (expected.get(asset) ?? 0n) + change);
          }
          check();
          expect(findConservationDefect(done.transition, state.parameters)).toBeUndefined();
          expect(totalHeld(state.tree.entries())).toBe(done.transition.supplyAfter);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
    for (const verb of ["transfer", "issue", "burn"]) {
      expect(seen.get(`${verb} applied`) ?? 0, verb).toBeGreaterThan(2);
    }
    expect(seen.get("issue forbidden") ?? 0).toBeGreaterThan(2);
  });
});
