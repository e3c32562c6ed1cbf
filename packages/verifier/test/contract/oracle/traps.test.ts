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

describe.each([...EXIT_TRAPS, ...RULE_TRAPS])(
  "$name",
  ({ source, fault, repair, open, isShown }) => {
    test("is not proved", () => {
      const { obligations } = judgeContract(contractOf(edited(source, fault)));
      const failing = obligations.filter((one) => one.name.startsWith(open));

      expect(failing.map(({ isCertified }) => isCertified)).toContain(false);
      const found = failing
        .filter((one) => !one.isCertified)
        .filter(({ obligation }) => search(obligation) !== undefined);
      expect(found.length > 0).toBe(isShown);
    });

    test("is proved once it is repaired", () => {
      const repaired = judgeContract(contractOf(edited(source, [...fault, ...repair])));

      expect(repaired.initiallyBroken).toEqual([]);
      expect(openOf(repaired)).toEqual([]);
    });
  },
);

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
    "`out` is due only after 1000 in the initial state for 1, and 100 is stated",
  ]);
  expect(judgeContract(contractOf(source.replace("t: 1_000", "t: 99"))).initiallyBroken).toEqual(
    [],
  );
});
