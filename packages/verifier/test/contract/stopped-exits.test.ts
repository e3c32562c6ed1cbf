import { describe, expect, test } from "vitest";
import { initialState, stoppedExits, type WholeState } from "../../src/index.ts";
import { checkedContract } from "./language/places.ts";

const owner = "11".repeat(32);

/** Contract with one claim, which `pay` pays if its guard holds. */
function contractWith(guard: string, paid = "held[k]") {
  return checkedContract(`contract c {
    state { held: map[Account] Amount; frozen: Bool; }
    intent pay(k: Account) {
      let amount = ${paid};
      guard { ${guard} }
      effect { held[k] = 0; vault.balance -= amount; k.balance += amount; }
    }
    exit out: for each k in held: held[k] > 0 keeping held[k] after 100 via pay(k) to k;
  }`);
}

/** State in which the contract owes ten to the owner. */
function owing(contract: ReturnType<typeof contractWith>, more: Partial<WholeState> = {}) {
  const cells = new Map([[owner, { keys: [owner], value: 10n }]]);
  const maps = new Map([["held", cells]]);
  return { ...initialState(contract), maps, vaults: new Map([["", 10n]]), ...more };
}

describe("P38: exits on a whole state", () => {
  const late = { sequence: 5n, now: 101n };

  test("a claim that its call pays is not stopped", () => {
    const contract = contractWith("true;");

    expect(stoppedExits(contract, owing(contract), late)).toEqual([]);
  });

  test("a claim whose call is stopped is named with its keys, once it is due", () => {
    const contract = contractWith("!frozen;");
    const state = owing(contract, { scalars: new Map([["frozen", true]]) });

    const stopped = stoppedExits(contract, state, late);

    expect(stopped).toMatchObject([{ reason: "pay ends with guard-false" }]);
    expect([...(stopped[0]?.keys ?? [])]).toEqual([["k", owner]]);
    expect(stoppedExits(contract, state, { ...late, now: 100n })).toEqual([]);
  });

  test("a claim that is paid too little is stopped, and one that the vault does not hold", () => {
    const stingy = contractWith("true;", "held[k] - 1");
    const sound = contractWith("true;");
    const poor = owing(sound, { vaults: new Map([["", 9n]]) });

    expect(stoppedExits(stingy, owing(stingy), late)).toMatchObject([
      { reason: "10 are owed, 9 paid" },
    ]);
    expect(stoppedExits(sound, poor, late)).toMatchObject([{ reason: "pay ends with fault" }]);
  });
});
