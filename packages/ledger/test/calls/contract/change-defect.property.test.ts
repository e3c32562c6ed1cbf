import { AMOUNT_MAX } from "@aethel/models";
import type { ContractChanges, ContractState, FieldValue, TypedContract } from "@aethel/verifier";
import { runCall } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findChangeDefect } from "../../../src/calls/contract/change-defect.ts";
import { callsOf } from "../../fixtures/contract-calls.ts";
import { changesOf, compiled, intentOf, KEEPER } from "../../fixtures/contracts.ts";

const keeper = compiled(KEEPER);
const [alice, bob] = ["01".repeat(32), "02".repeat(32)] as const;
const gold = keeper.assets.find(({ name }) => name === "GOLD");

/** State in which everybody holds 10 of all, and every cell of a claim is 3. */
const state: ContractState = {
  holding: () => 10n,
  supply: () => 100n,
  vault: () => 50n,
  scalar: (name) => (name === "next" ? 7n : ["00".repeat(32), 0n, false]),
  cell: (map) => (map === "deals" ? undefined : 3n),
};

type Fault = (changes: ContractChanges) => ContractChanges;

/** Changes of an honest run, with a fault planted in them, are checked again. */
function checked(
  name: string,
  args: Readonly<Record<string, FieldValue>>,
  fault: Fault,
  { signed = [alice], contract = keeper }: { signed?: string[]; contract?: TypedContract } = {},
): string | undefined {
  const changes = changesOf(keeper, name, {
    arguments: new Map(Object.entries(args)),
    signers: new Set([alice]),
    sequence: 1n,
    now: 1n,
    state,
    isSignature: () => false,
  });
  const intent = intentOf(contract, name);
  const facts = { contract, intent, state, signed: new Set(signed) };
  expect(findChangeDefect({ ...facts, changes, contract: keeper, signed: new Set([alice]) })).toBe(
    undefined,
  );
  return findChangeDefect({ ...facts, changes: fault(changes) })?.code;
}

/** Replaces the one change at an index by others. */
function at<T>(list: readonly T[], index: number, ...others: readonly Partial<T>[]): T[] {
  const found = list[index];
  if (found === undefined) throw new Error(`there are ${list.length} changes`);
  return list.toSpliced(index, 1, ...others.map((other) => ({ ...found, ...other })));
}

const put = { payer: alice, amount: 2n };
const pay = { to: bob };

const FAULTS: readonly [string, string, () => string | undefined][] = [
  [
    "a holding that the intent does not write",
    "privileged",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        holdings: [...of.holdings, { account: alice, asset: gold, before: 10n, after: 10n }],
      })),
  ],
  [
    "another asset under the name of a declared one",
    "privileged",
    () =>
      checked("unlock", { owner: bob, amount: 1n }, (of) => ({
        ...of,
        holdings: at(of.holdings, 0, {
          asset: keeper.assets.map((asset) => ({ ...asset, name: "GOLD" }))[1],
        }),
      })),
  ],
  [
    "a vault that the intent does not write",
    "privileged",
    () => checked("pay", pay, (of) => ({ ...of, vaults: at(of.vaults, 0, {}, { asset: gold }) })),
  ],
  [
    "a supply that the intent does not write",
    "privileged",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        supplies: keeper.assets.map((asset) => ({ asset, before: 100n, after: 100n })),
      })),
  ],
  [
    "a scalar that the intent does not write",
    "privileged",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        scalars: [{ name: "next", before: 7n, after: 7n }],
      })),
  ],
  [
    "a cell that the intent does not write",
    "privileged",
    () => checked("pay", pay, (of) => ({ ...of, cells: at(of.cells, 0, {}, { map: "shares" }) })),
  ],
  [
    "one place twice",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, cells: at(of.cells, 0, {}, {}) })),
  ],
  [
    "a holding that was another before",
    "fault",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        holdings: at(of.holdings, 0, { before: 9n, after: 15n }),
      })),
  ],
  [
    "a holding above the largest amount",
    "fault",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        holdings: at(of.holdings, 0, { after: AMOUNT_MAX + 1n }),
      })),
  ],
  [
    "a holding below 0",
    "fault",
    () => checked("put", put, (of) => ({ ...of, holdings: at(of.holdings, 0, { after: -1n }) })),
  ],
  [
    "holdings that fall of an account that did not sign",
    "authority",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        holdings: at(of.holdings, 0, { after: 17n }, { account: "03".repeat(32), after: 9n }),
      })),
  ],
  [
    "a vault that was another before",
    "fault",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        vaults: at(of.vaults, 0, { before: 51n, after: 45n }),
      })),
  ],
  [
    "a vault below 0",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, vaults: at(of.vaults, 0, { after: -1n }) })),
  ],
  [
    "a supply that was another before",
    "fault",
    () =>
      checked("mint", { to: bob, amount: 2n }, (of) => ({
        ...of,
        supplies: at(of.supplies, 0, { before: 99n, after: 101n }),
      })),
  ],
  [
    "the supply of an asset that the contract does not issue",
    "issuer",
    () => {
      const assets = keeper.assets.map((asset) => ({ ...asset, isOwn: false }));
      const contract = { ...keeper, assets };
      return checked("mint", { to: bob, amount: 2n }, (of) => of, { contract });
    },
  ],
  [
    "a supply above the largest amount",
    "fault",
    () =>
      checked("mint", { to: bob, amount: 2n }, (of) => ({
        ...of,
        supplies: at(of.supplies, 0, { after: AMOUNT_MAX + 1n }),
      })),
  ],
  [
    "a supply of another asset under the name of a declared one",
    "privileged",
    () =>
      checked("mint", { to: bob, amount: 2n }, (of) => ({
        ...of,
        supplies: keeper.assets.slice(0, 1).map((asset) => ({
          asset: { ...asset, name: "SHARE" },
          before: 100n,
          after: 102n,
        })),
      })),
  ],
  [
    "a vault of another asset under the name of a declared one",
    "privileged",
    () =>
      checked("unlock", { owner: bob, amount: 1n }, (of) => ({
        ...of,
        vaults: at(of.vaults, 0, {
          asset: keeper.assets.map((asset) => ({ ...asset, name: "GOLD" }))[1],
        }),
      })),
  ],
  [
    "a scalar that was another before",
    "fault",
    () =>
      checked("put", put, (of) => ({
        ...of,
        scalars: at(of.scalars, 1, { before: 6n }),
      })),
  ],
  [
    "a scalar that is out of range",
    "fault",
    () =>
      checked("put", put, (of) => ({ ...of, scalars: at(of.scalars, 1, { after: 1n << 127n }) })),
  ],
  [
    "a cell that was another before",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, cells: at(of.cells, 0, { before: 2n }) })),
  ],
  [
    "a cell that is out of range",
    "fault",
    () =>
      checked("put", put, (of) => ({ ...of, cells: at(of.cells, 0, { after: AMOUNT_MAX + 1n }) })),
  ],
  [
    "a cell with a key out of range",
    "fault",
    () => checked("put", put, (of) => ({ ...of, cells: at(of.cells, 1, { keys: [1n << 127n] }) })),
  ],
  [
    "a cell with a key too many",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, cells: at(of.cells, 0, { keys: [bob, 1n] }) })),
  ],
  [
    "an event more than the intent emits",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, events: at(of.events, 0, {}, {}) })),
  ],
  [
    "an event that is left out",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, events: of.events.slice(0, 1) })),
  ],
  [
    "an event under the name of another",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, events: at(of.events, 0, { name: "Deal" }) })),
  ],
  [
    "an event at the place of another",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, events: of.events.toReversed() })),
  ],
  [
    "an event whose value is not of its record",
    "fault",
    () => checked("pay", pay, (of) => ({ ...of, events: at(of.events, 0, { value: [bob, -1n] }) })),
  ],
  [
    "a claim that falls by more than its account is paid",
    "claims",
    () =>
      checked("pay", pay, (of) => ({
        ...of,
        holdings: at(of.holdings, 0, { after: 15n }),
        vaults: at(of.vaults, 0, { after: 45n }),
      })),
  ],
  [
    "a claim in declared assets that falls by more than its account is paid",
    "claims",
    () =>
      checked("unlock", { owner: bob, amount: 2n }, (of) => ({
        ...of,
        cells: at(of.cells, 0, { after: 0n }),
      })),
  ],
  [
    "a share that falls without its owner's signature",
    "claims",
    () =>
      checked("mint", { to: bob, amount: 2n }, (of) => ({
        ...of,
        cells: at(of.cells, 0, { after: 2n }),
      })),
  ],
  [
    "a debt that rises without its owner's signature",
    "claims",
    () =>
      checked(
        "give_up",
        { owner: alice, amount: 1n },
        (of) => ({
          ...of,
          // Nothing else of it needs a signature.
          holdings: [],
          supplies: [],
          cells: of.cells.filter(({ map }) => map === "debts"),
        }),
        { signed: [] },
      ),
  ],
  [
    "money out of nothing",
    "conservation",
    () => checked("pay", pay, (of) => ({ ...of, holdings: at(of.holdings, 0, { after: 17n }) })),
  ],
  [
    "money that vanishes from the vault",
    "conservation",
    () => checked("pay", pay, (of) => ({ ...of, vaults: at(of.vaults, 0, { after: 43n }) })),
  ],
  [
    "shares without a supply",
    "conservation",
    () => checked("mint", { to: bob, amount: 2n }, (of) => ({ ...of, supplies: [] })),
  ],
];

describe("changes of a contract's call, checked again (P14)", () => {
  test.each(FAULTS)("%s is refused with the code %s", (_, code, run) => {
    expect(run()).toBe(code);
  });

  test("no honest change of a contract with its promises kept is refused", () => {
    let applied = 0;
    for (const intent of keeper.intents) {
      fc.assert(
        fc.property(callsOf(keeper, intent), (call) => {
          const result = runCall(keeper, intent, call);
          if (result.type !== "applied") return;
          applied += 1;
          const { changes } = result;
          const { signers: signed, state: before } = call;
          const found = findChangeDefect({
            contract: keeper,
            intent,
            changes,
            signed,
            state: before,
          });
          expect(found).toBeUndefined();
        }),
      );
    }
    expect(applied).toBeGreaterThan(100);
  });

  test("a promise does not bind the intents after its `unless`", () => {
    const maps = keeper.maps.map((map) =>
      map.promise === undefined ? map : { ...map, promise: { ...map.promise, unless: ["mint"] } },
    );
    const contract = { ...keeper, maps };
    const lowered: Fault = (of) => ({ ...of, cells: at(of.cells, 0, { after: 2n }) });

    expect(checked("mint", { to: bob, amount: 2n }, lowered, { contract })).toBeUndefined();
  });

  test("nobody owns the cells of `none`", () => {
    const lowered: Fault = (of) => ({
      ...of,
      cells: at(of.cells, 0, { keys: ["00".repeat(32)], after: 2n }),
    });

    expect(checked("mint", { to: bob, amount: 2n }, lowered)).toBeUndefined();
  });
});
