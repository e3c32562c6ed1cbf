import { createJudge, formatSource, type Judge } from "@aethel/verifier";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contractMatrix, isOfContract } from "../src/judge/contract-matrix.ts";
import { excerpt } from "../src/judge/excerpt.ts";
import { explain } from "../src/judge/explain.ts";
import { fileReport } from "../src/judge/file.ts";
import { shownNames } from "../src/judge/names.ts";
import { obligationLines } from "../src/judge/obligation-table.ts";
import { progressLine } from "../src/judge/progress.ts";
import type { Explained } from "../src/judge/report.ts";
import { createSummaryTable } from "../src/judge/summary-table.ts";
import { layOut, screenWidth } from "../src/terminal/columns.ts";
import { visible } from "../src/terminal/visible.ts";

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge();
});
afterAll(() => judge.close());

/** Report of `aethel judge` on a source. */
async function judged(source: string, resourceLimit = 1_000_000): Promise<Explained> {
  const bytes = new TextEncoder().encode(source);
  const payload = { type: "publish", source: bytes } as const;
  const judgement = await judge.check(payload, { resourceLimit });
  return { report: fileReport({ file: "x.ae", kind: "publish", bytes, judgement, ms: 0 }), source };
}

const wide = { width: 90, most: 8, isAll: true } as const;

const mint = `intent mint(signer from: Account, to: Account, amount: Amount) {
  guard  { from.balance >= amount; to.balance + amount <= 1_000_000; }
  effect { let left = from.balance - amount; let right = to.balance + amount;
           from.balance = left; to.balance = right; }
  verify { to.balance == old(to.balance) + amount; }
}`;

const gold = `asset GOLD issuer "${"3214da7a".repeat(8)}";
issue intent twice(to: Account, amount: Amount) {
  guard  { amount > 0; supply[GOLD] + amount <= 1000; sequence > 7; }
  effect { supply[GOLD] += amount; to.balance[GOLD] += amount + 1; }
  verify { supply[GOLD] == old(supply[GOLD]) + amount; }
}`;

const overflow = `intent careless(signer from: Account, to: Account, amount: Amount) {
  guard  { from != to; amount == 18446744073709551615; to.balance == 3; }
  effect { to.balance += amount; from.balance -= amount; }
  verify { to.balance > old(to.balance); }
}`;

const never = `intent never(from: Account, amount: Amount) {
  guard {
    from.balance < amount;
    amount < 10;
    amount > 2;
    from.balance >= 10;
  }
  verify { amount > 2; }
}`;

describe("a counterexample", () => {
  test("is a table of the state before and after in the source's names; aliases are told", async () => {
    expect(explain(await judged(mint), wide)).toEqual([
      "conservation of mint: the sum of all holdings is unchanged",
      "   3 |   effect { let left = from.balance - amount; let right = to.balance + amount;",
      `     |            ${"^".repeat(66)}`,
      "The run creates 1: the holdings no longer sum to what they did.",
      "  amount = 1",
      "                                           before  after  change",
      "  from = to (one account), signs  balance       1      2      +1",
    ]);
  });

  test("has the holdings and the supply of declared assets, and the sequence", async () => {
    expect(explain(await judged(gold), wide).slice(-4)).toEqual([
      "  amount = 1, sequence = 8",
      "                         before  after  change",
      "  to      balance[GOLD]       0      2      +2",
      "  supply  GOLD                0      1      +1",
    ]);
  });

  test("of a run that stops shows where it stopped, and on a narrow screen a number a line", async () => {
    const careless = await judged(overflow);

    expect(explain(careless, wide).join("\n")).toMatch(/before +where it stops +change/);
    const narrow = explain(careless, { ...wide, width: 40 });
    expect(narrow).toContain("    balance 3");
    expect(narrow.join("\n")).not.toContain("where it stops");
  });
});

describe("guards that can never hold", () => {
  test("are shown with the clauses that contradict each other, and no others", async () => {
    expect(explain(await judged(never), wide)).toEqual([
      "satisfiable of never: the guards can hold",
      "it can never run, since these 3 clauses of the guard contradict each other:",
      "   3 |     from.balance < amount;",
      "     |     ^^^^^^^^^^^^^^^^^^^^^^",
      "   4 |     amount < 10;",
      "     |     ^^^^^^^^^^^^",
      "   6 |     from.balance >= 10;",
      "     |     ^^^^^^^^^^^^^^^^^^^",
    ]);
  });
});

describe("the view of obligations", () => {
  test("has name, place, verdict and work of each, and how the parts make the whole", async () => {
    const { report } = await judged(mint);
    const lines = obligationLines(report, 120);

    expect(lines).toHaveLength((report.obligations?.length ?? 0) + 2);
    expect(lines.join("\n")).toMatch(
      /^✗[^]*\n✓ {2}satisfiable {4}the guards can hold +2:12 +- +\d+ +\d+$/m,
    );
    expect(lines.join("\n")).toMatch(/✗ {2}conservation +the sum of all holdings .* 3:12 +- +\d+/);
    const [whole = 0, solving = 0, size = 0] =
      (lines.at(-1)?.replace(/(\d),(?=\d)/g, "$1") ?? "").match(/\d+/g)?.map(Number) ?? [];
    expect(whole).toBe(report.difficulty);
    expect(solving + size).toBe(whole);
    expect(size).toBe(8 * report.bytes + 1);
  });

  test("of a spent limit explains what was not decided once, and counts what was not reached", async () => {
    const lines = explain(await judged(mint, 300), wide);

    expect(lines).toContain("not decided within the limit: --limit allows more");
    expect(lines.at(-1)).toMatch(
      /^the limit was spent before \d other obligations could be checked$/,
    );
  });
});

const deals = `contract deals {
  record Deal { payer: Account; payee: Account; amount: Amount; deadline: Int; }
  state { deals: map[Int] Deal; next: Int = 0; claim (balance) unless extend owed: map[Account] Amount; }
  invariant solvent: vault.balance == sum(d in deals: d.amount);
  invariant fresh: for each id in deals: deals[id].amount > 0 => id < next;
  intent open(signer payer: Account, payee: Account, amount: Amount, deadline: Int) {
    guard { amount > 0; next < 1_000_000; payer.balance >= amount; }
    effect {
      payer.balance -= amount; vault.balance += amount;
      deals[next] = Deal { payer: payer, payee: payee, amount: amount, deadline: deadline };
      next += 1;
    }
  }
  intent extend(id: Int, until: Int) {
    guard { deals[id].amount > 0; }
    effect { deals[id].deadline = until; }
  }
  intent refund(id: Int) {
    let d = deals[id];
    guard { d.amount > 0; now > d.deadline; d.payer != none; }
    effect { vault.balance -= d.amount; d.payer.balance += d.amount; deals[id].amount = 0; }
  }
  exit back: for each id in deals: deals[id].amount > 1 keeping deals[id].amount
    after deals[id].deadline within 5 via refund(id) to deals[id].payer;
}`;

describe("a contract", () => {
  test("shows the call, who signs, the state and what to do next; its promises' exceptions are named", async () => {
    const text = explain(await judged(deals, 10_000_000), { ...wide, width: 120 }).join("\n");

    const late =
      /exit of open: `back` is due within the stated time\n[^]*?\n\n/.exec(text)?.[0] ?? "";
    expect(late).toMatch(
      /`back` for id = 0 is due only after \d+, \d+ seconds after the call at 0, and `within` allows 5\./,
    );
    expect(late).toMatch(
      /call open\(payer, payee(?: = payer)?, amount = \d+, deadline = \d+\), signed by payer\n/,
    );
    expect(late).toContain("reached: at most three calls lead from the initial state to this one");
    expect(late).toContain(
      "next: add a guard to `open`: the time after which `back` is due is `<= now + 5`",
    );
    expect(text).toMatch(
      /`back` for id = \d+ is put off from \d+ to \d+: #1 loses \d+, did not sign, and is paid 0\./,
    );
    expect(text).toMatch(
      /`deals\[\d+\]` counts 1 in `solvent`, and no exit owes it: the condition of `back` is false\./,
    );
    expect(text).toContain(
      "note: `claim` of `owed` does not bind `extend`: no transition says how far they may go",
    );
  });

  test("is a matrix of rules and intents, those that fail first, and one count of all", async () => {
    const { report } = await judged(deals, 10_000_000);
    const lines = contractMatrix(report, 200);
    const all = report.obligations ?? [];

    expect(lines[0]?.split(/\s{2,}/)).toEqual(["", "open", "extend", "refund", "any state"]);
    expect(lines[1]).toMatch(/^exit back +✗ 1 of 3 +✗ 2 of 3 +/);
    expect(lines[2]).toMatch(/^coverage of balance +✗ 1 of 2$/);
    expect(lines.slice(3, -1).join("")).not.toMatch(/[✗?]/);
    expect(lines.at(-1)).toMatch(
      new RegExp(`^${all.length} obligations: \\d+ proved, 4 shown by a run, 3 evaluated`),
    );
    const failed = all.filter(({ verdict }) => verdict !== "valid").length;
    const marks = obligationLines(report, 120)
      .slice(1, -1)
      .map((line) => line[0]);
    expect(marks.slice(0, failed)).not.toContain("✓");
  });
});

describe("lines", () => {
  test("never pass the width of the screen, whatever it is", async () => {
    const all = await Promise.all(
      [mint, gold, overflow, never, deals, "intent (", ""].map((one) => judged(one, 10_000_000)),
    );
    for (let width = 50; width <= 160; width += 5) {
      const table = createSummaryTable(["a-rather-long-name-of-a-file.ae", "雪.ae"], width);
      for (const one of all) {
        const lines = [
          table.header(),
          table.row("a-rather-long-name-of-a-file.ae", one.report),
          table.row("雪.ae", one.report),
          ...obligationLines(one.report, width),
          ...(isOfContract(one.report) ? contractMatrix(one.report, width) : []),
          ...explain(one, { ...wide, width }),
        ];
        for (const line of lines) expect(screenWidth(line), line).toBeLessThanOrEqual(width);
      }
    }
  });

  test("of a source stand over carets that mark the span, wherever the line is cut", () => {
    const cases = fc.record({
      before: fc.string({ maxLength: 200 }).map((text) => text.replaceAll(/[\r\n]/g, "")),
      marked: fc.constantFrom("amount", "x", "from.balance - amount"),
      after: fc.constantFrom("", ";", "y".repeat(150)),
      width: fc.integer({ min: 40, max: 160 }),
    });
    fc.assert(
      fc.property(cases, ({ before, marked, after, width }) => {
        const column = Array.from(before).length + 1;
        const start = { offset: 0, line: 2, column };
        const end = { ...start, column: column + marked.length };
        const [line = "", carets = ""] = excerpt(
          `//\n${before}${marked}${after}`,
          { start, end },
          width,
        );
        const at = Array.from(carets).indexOf("^");

        expect(Array.from(line).length).toBeLessThanOrEqual(width);
        expect(
          Array.from(line)
            .slice(at, at + marked.length)
            .join(""),
        ).toBe(marked);
        expect(carets.trim().slice(1).trim()).toBe("^".repeat(marked.length));
      }),
      { numRuns: 300 },
    );
  });

  test("show what would steer a terminal as a picture, and keep all else", () => {
    expect(visible("a\u001b[31mb\rc\u0007\u202ed\u009b\ttab\nline é 雪")).toBe(
      "a␛[31mb␍c␇�d�\ttab\nline é 雪",
    );
  });
});

describe("the table of files", () => {
  test("keeps files of one name in two folders apart, and leaves out what all share", () => {
    expect(shownNames(["lib/a/x.ae", "lib/b/x.ae"])).toEqual(["a/x.ae", "b/x.ae"]);
    expect(shownNames(["lib/a/x.ae"])).toEqual(["x.ae"]);
    expect(shownNames(["x.ae", "../x.ae"])).toEqual(["x.ae", "../x.ae"]);
    expect(shownNames(["/etc/a.ae", "/tmp/b.ae"])).toEqual(["/etc/a.ae", "/tmp/b.ae"]);
    expect(shownNames(["a/\u001b[2J.ae"])).toEqual(["␛[2J.ae"]);
  });

  test("has columns that line up, wide characters too", () => {
    const columns = [
      { align: "left", width: 6 },
      { align: "right", width: 4 },
    ] as const;

    expect(
      layOut(columns, [
        ["ab", "1"],
        ["雪雪", "22"],
        ["abcdefgh", "333"],
      ]),
    ).toEqual(["ab         1", "雪雪      22", "abcde…   333"]);
  });

  test("has a line of progress that fills up and fits", () => {
    const state = { total: 40, running: ["payroll.ae"], elapsed: 3_210, width: 60 };

    expect(progressLine({ ...state, done: 20 })).toBe(
      `${"█".repeat(7)}${"░".repeat(8)}  20/40  3210 ms  payroll.ae`,
    );
    expect(progressLine({ ...state, done: 40, running: [] })).toBe(
      `${"█".repeat(15)}  40/40  3210 ms`,
    );
    for (let width = 30; width < 200; width++) {
      expect(progressLine({ ...state, done: 3, width }).length).toBeLessThanOrEqual(width);
    }
  });
});

test("the sources of these tests are what the formatter can read", () => {
  for (const source of [mint, gold, overflow, never]) expect(formatSource(source).ok).toBe(true);
});
