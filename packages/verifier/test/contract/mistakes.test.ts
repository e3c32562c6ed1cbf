import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge } from "../../src/index.ts";

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 1 });
});
afterAll(() => judge.close());

/** Contracts as one writes them at first, and what the reasons of their refusal begin with. */
const mistakes: readonly {
  readonly name: string;
  readonly source: string;
  readonly told: readonly RegExp[];
}[] = [
  {
    name: "a bank without rules",
    source: `contract piggy {
  state { savings: map[Account] Amount; }
  intent save(signer a: Account, n: Amount) {
    guard { a.balance >= n; }
    effect { a.balance -= n; vault.balance += n; savings[a] += n; }
  }
  intent take(a: Account, n: Amount) {
    guard { savings[a] >= n; }
    effect { savings[a] -= n; vault.balance -= n; a.balance += n; }
  }
}`,
    told: [
      /18446744073709551616 is out of the range of what it is stored in: `savings\[a\]`\./,
      /-1 is out of the range .*: `vault\.balance`\./,
      /no invariant says what `vault\.balance` consists of/,
    ],
  },
  {
    name: "a raffle whose winner may be nobody",
    source: `contract raffle {
  enum Phase { open, drawn }
  state { phase: Phase; pot: Amount; tickets: map[Int] Account; next: Int; winner: Account; }
  invariant pot_is_held: vault.balance == pot;
  intent buy(signer a: Account) {
    guard { phase == Phase.open; a.balance >= 10; pot < 1_000_000; next < 1000; }
    effect { a.balance -= 10; vault.balance += 10; pot += 10; tickets[next] = a; next += 1; }
  }
  intent draw(n: Int) {
    guard { phase == Phase.open; n < next; }
    effect { phase = Phase.drawn; winner = tickets[n]; }
  }
  intent claim_prize() {
    let p = pot;
    guard { phase == Phase.drawn; }
    effect { vault.balance -= p; pot = 0; winner.balance += p; }
  }
  exit prize: phase == Phase.drawn && pot > 0 keeping pot via claim_prize() to winner;
}`,
    told: [
      /`prize` is due, and is owed to nobody \(`none`\)\./,
      /`pot` counts \d+ in `pot_is_held`, and no exit owes it: the condition of `prize` is false\./,
    ],
  },
  {
    name: "loans numbered from a free number",
    source: `contract loan {
  record Loan { lender: Account; borrower: Account; amount: Amount; due: Int; paid: Bool; }
  state { loans: map[Int] Loan; next: Int; }
  invariant held: vault.balance == sum(l in loans: if l.paid then l.amount else 0);
  intent lend(signer lender: Account, borrower: Account, amount: Amount, due: Int) {
    guard { lender.balance >= amount; amount > 0; }
    effect {
      lender.balance -= amount; borrower.balance += amount;
      loans[next] = Loan { lender: lender, borrower: borrower, amount: amount, due: due, paid: false };
      next += 1;
    }
  }
  intent repay(signer who: Account, id: Int) {
    let l = loans[id];
    guard { !l.paid; who.balance >= l.amount; }
    effect { who.balance -= l.amount; vault.balance += l.amount; loans[id].paid = true; }
  }
  intent collect(id: Int) {
    let l = loans[id];
    guard { l.paid; }
    effect { vault.balance -= l.amount; l.lender.balance += l.amount; delete loans[id]; }
  }
  exit repaid: for each id in loans: loans[id].paid keeping loans[id].amount via collect(id) to loans[id].lender;
}`,
    told: [
      /`held` does not hold after the call: \d+ == \d+ is false\./,
      /`repaid` for id = \d+ is owed no more: \S+ loses \d+, did not sign, and is paid \d+\./,
    ],
  },
  {
    name: "a shop that may raise its price",
    source: `contract shop {
  const OWNER = account "00000000000000000000000000000000000000000000000000000000000000aa";
  state { price: Amount = 10; sold: Amount; stock: map[Digest] Amount; }
  transition cheaper: price <= old(price);
  intent buy(signer a: Account, item: Digest, n: Amount) {
    guard { stock[item] >= n; a.balance >= n * price; }
    effect { a.balance -= n * price; OWNER.balance += n * price; stock[item] -= n; sold += n; }
  }
  intent restock(item: Digest, n: Amount) { effect { stock[item] += n; } }
  intent reprice(signer o: Account, p: Amount) { guard { o == OWNER; } effect { price = p; } }
}`,
    told: [/`cheaper` does not hold after the call: \d+ <= \d+ is false\./],
  },
  {
    name: "halves of an odd payment",
    source: `contract split {
  state { claim (balance) a_part: map[Account] Amount; total: Amount; }
  invariant held: vault.balance == sum(p in a_part: p);
  intent pay(signer from: Account, a: Account, b: Account, n: Amount) {
    guard { from.balance >= n; }
    effect { from.balance -= n; vault.balance += n; a_part[a] += n / 2; a_part[b] += n / 2; }
  }
  intent fee(a: Account, n: Amount) {
    guard { a_part[a] >= n; }
    effect { a_part[a] -= n; vault.balance -= n; account "00000000000000000000000000000000000000000000000000000000000000aa".balance += n; }
  }
  intent take(signer a: Account) {
    let n = a_part[a];
    effect { a_part[a] = 0; vault.balance -= n; a.balance += n; }
  }
  exit out: for each a in a_part: a_part[a] > 0 keeping a_part[a] via take(a) by a;
}`,
    told: [
      /`a_part\[a\]` falls by \d+: a did not sign, and is paid \d+\./,
      /`out` for a is owed no more: a loses \d+, did not sign, and is paid \d+\./,
      /`held` does not hold after the call: \d+ == \d+ is false\./,
    ],
  },
  {
    name: "a will that its owner puts off",
    source: `contract will {
  state { heir: Account; owner: Account; kept: Amount; last_seen: Int; }
  invariant held: vault.balance == kept;
  intent make(signer o: Account, h: Account, n: Amount) {
    guard { owner == none; o.balance >= n; }
    effect { owner = o; heir = h; kept = n; o.balance -= n; vault.balance += n; last_seen = now; }
  }
  intent alive(signer o: Account) { guard { o == owner; } effect { last_seen = now; } }
  intent inherit() {
    guard { now > last_seen + 1000; kept > 0; }
    effect { vault.balance -= kept; heir.balance += kept; kept = 0; }
  }
  exit bequest: kept > 0 keeping kept after last_seen + 1000 within 1000 unless alive via inherit() to heir;
}`,
    told: [
      /`bequest` is put off from \d+ to \d+: #1 loses \d+, did not sign, and is paid 0\./,
      /`bequest` passes from #1 to \S+: #1 loses/,
    ],
  },
  {
    name: "a counter that forgets a total",
    source: `contract counter {
  state { counts: map[Account] Int; total: Int; }
  invariant sum_is_total: total == sum(c in counts: c);
  invariant positive: for each a in counts: counts[a] > 0;
  intent up(signer a: Account) { effect { counts[a] += 1; } }
  intent down(signer a: Account) { effect { counts[a] -= 1; total -= 1; } }
}`,
    told: [
      /`counts\[#1\]` has no cell here, and `positive` is false\./,
      /`positive` does not hold after the call for a: -?\d+ > 0 is false\./,
    ],
  },
  {
    name: "rent that moves backwards",
    source: `contract rent {
  state { paid_until: map[Account] Int; pot: Amount; }
  invariant pot_held: vault.balance >= pot;
  transition forward: for each a in paid_until: paid_until[a] >= old(paid_until[a]);
  intent pay(signer a: Account, n: Amount) {
    let per_day = 10;
    guard { a.balance >= n; }
    effect { a.balance -= n; vault.balance += n; pot += n; paid_until[a] = now + n / per_day * 86_400; }
    verify { paid_until[a] > now; }
  }
}`,
    told: [
      /The condition does not hold there: \d+ > \d+ is false\./,
      /`pot_held` mentions `vault\.balance`, but is not/,
    ],
  },
];

describe("a contract that is wrong", () => {
  test.each(mistakes)(
    "is told what fails, for whom, with numbers and a next step: $name",
    async ({ source, told }) => {
      const bytes = new TextEncoder().encode(source);
      const judgement = await judge.check({ type: "publish", source: bytes });

      if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
      const failed = judgement.obligations.filter(({ verdict }) => verdict !== "valid");
      const reasons = failed.map(({ reason = "" }) => reason).join("\n");
      for (const one of told) expect(reasons).toMatch(one);
      expect(failed.filter(({ advice }) => advice === undefined)).toEqual([]);
      expect(failed.map(({ verdict }) => verdict)).not.toContain("unknown");
      expect(reasons).not.toMatch(/[0-9a-f]{64}/);
    },
    30_000,
  );

  test("every account that signs or is an argument is shown, and the `let`s of the call", async () => {
    const rent = mistakes.find(({ name }) => name.startsWith("rent"))?.source ?? "";
    const bytes = new TextEncoder().encode(rent);
    const judgement = await judge.check({ type: "publish", source: bytes });

    if (judgement.type !== "judged") throw new Error(JSON.stringify(judgement));
    const shown = judgement.obligations.find(({ kind }) => kind === "transition")?.counterexample;
    expect(shown?.contract?.signers).toEqual(["a"]);
    expect(shown?.contract?.lets).toEqual([{ name: "per_day", value: "10" }]);
    expect(shown?.accounts.map(({ name }) => name)).toEqual(["a"]);
    // A refuted transition does not hold for all time.
    expect(judgement.notes.join()).not.toContain("`forward` holds");
  });
});
