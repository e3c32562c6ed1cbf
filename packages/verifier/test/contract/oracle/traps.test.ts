import { beforeAll, describe, expect, test } from "vitest";
import { EXIT_TRAPS } from "./exit-traps.ts";
import { contractOf, createSearch, judgeContract, openOf } from "./judged-contract.ts";
import { RULE_TRAPS } from "./rule-traps.ts";
import { BANK, DEALS, edited } from "./trap-sources.ts";

let search: Awaited<ReturnType<typeof createSearch>>;
beforeAll(async () => {
  search = await createSearch();
});

test.each([DEALS, BANK])("the sources that the faults are put into are proved", (source) => {
  expect(openOf(judgeContract(contractOf(edited(source, []))))).toEqual([]);
});

describe.each([...EXIT_TRAPS, ...RULE_TRAPS])("$name", ({ source, fault, repair, open }) => {
  test("is not proved, and a state or a run shows why", () => {
    const { obligations } = judgeContract(contractOf(edited(source, fault)));
    const failing = obligations.filter((one) => one.name.startsWith(open));

    expect(failing.map(({ isCertified }) => isCertified)).toContain(false);
    const found = failing
      .filter((one) => !one.isCertified)
      .filter(({ obligation }) => search(obligation) !== undefined);
    expect(found.length).toBeGreaterThan(0);
  });

  test("is proved once it is repaired", () => {
    const repaired = judgeContract(contractOf(edited(source, [...fault, ...repair])));

    expect(repaired.initiallyBroken).toEqual([]);
    expect(openOf(repaired)).toEqual([]);
  });
});

test("claims that stand at publication are due within the stated time", () => {
  const source = edited(DEALS, [
    [
      "deals: map[Int] Deal;",
      "deals: map[Int] Deal = { [1]: Deal { owner: none, amount: 0, t: 1_000 } };",
    ],
    ["deals[id].amount > 0 keeping", "deals[id].t > 0 || deals[id].amount > 0 keeping"],
  ]);
  const late = judgeContract(contractOf(source)).initiallyBroken;

  expect(late).toEqual([
    "`out` is due only after 1000 in the initial state for id = 1, and `within` allows 100",
  ]);
  expect(judgeContract(contractOf(source.replace("t: 1_000", "t: 99"))).initiallyBroken).toEqual(
    [],
  );
});

/** Refunds that all have one time, which the contract begins with. */
const ONE_TIME = `contract pledges {
  state { pledges: map[Account] Amount; closes: Int = 50; open: Bool = true; }
  intent back(a: Account) { guard { open; now > closes; } effect { pledges[a] += 1; } }
  exit refund: for each a in pledges: open after closes within 100 via back(a) to a;
}`;

describe("an exit that may hold for keys without a cell", () => {
  test.each([
    ["closes: Int = 50", "closes: Int = 150", "only after 150"],
    ["refund: for each a in pledges: open", "refund: for each a in pledges: !(a in pledges)", ""],
    ["after closes", "after closes + 100", "only after 150"],
    ["pledges: map[Account] Amount", "pledges: map[Int] Amount", "at a time that is not decided"],
  ])("is measured from its first time: %s made %s", (from, to, when) => {
    const isNumber = to.includes("map[Int]");
    const whole = ONE_TIME.replace(from, to)
      .replace("after closes within", isNumber ? "after a within" : "after closes within")
      .replace("to a;", isNumber ? "to none;" : "to a;")
      .replace("back(a: Account)", isNumber ? "back(a: Int)" : "back(a: Account)");
    const { initiallyBroken } = judgeContract(contractOf(whole));

    if (when === "") expect(initiallyBroken).toEqual([]);
    else expect(initiallyBroken).toEqual([expect.stringContaining(`is then due ${when}`)]);
  });

  test("counts only if its condition can hold there, and something is owed", () => {
    const late = ONE_TIME.replace("closes: Int = 50", "closes: Int = 150");
    const conditions = [
      "open && pledges[a] > 0",
      "pledges[a] > 0 && open",
      "!(pledges[a] == 0)",
      "a in pledges",
      "false",
      "open keeping pledges[a]",
      "open && a == none && a != none",
    ];
    const broken = conditions.map((condition) => {
      const source = late.replace("pledges: open after", `pledges: ${condition} after`);
      return judgeContract(contractOf(source)).initiallyBroken;
    });

    expect(broken.map((one) => one.length)).toEqual(conditions.map(() => 0));
    const named = late.replace("pledges: open after", "pledges: a == none after");
    expect(judgeContract(contractOf(named)).initiallyBroken).toHaveLength(1);
  });
});
