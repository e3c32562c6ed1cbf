import { describe, expect, test } from "vitest";
import { checkedContract, diagnosticsOf, marked } from "../language/places.ts";

const owner = "01".repeat(32);
const bank = `contract bank {
  const FEE = 2;
  const OWNER = account "${owner}";
  enum Phase { open, closed }
  record Deal { payer: Account; amount: Amount; due: Int; done: Bool; phase: Phase; hash: Digest; }
  record Note { text: Digest; }
  asset SHARE issuer self;
  asset GOLD issuer "${"5a".repeat(32)}";
  state {
    claim (balance) unless settle owed: map[Account] Amount = { [OWNER]: 5 };
    deals: map[Int] Deal;
    votes: map[Account][Int] Amount;
    total: Amount = FEE;
    stage: Phase;
    current: Deal;
  }
  invariant covers: vault.balance >= sum(v in owed: v);
  invariant rows: for each a, i in votes: votes[a][i] <= sum(w at j in votes[a]: w);
  transition grows: old(total) <= total || signed(OWNER);
  exit leave: for each a in owed: owed[a] > 0 keeping owed[a] in balance after 5 via settle(a) to a;
  intent deposit(signer from: Account, optional to: Account, n: Amount, i: Int, s: Signature) {
    let before = owed[from];
    guard { n > FEE; from.balance >= n; i in deals; signed_message(from, deals[i], s); }
    effect {
      let next = before + n;
      from.balance -= n;
      vault.balance += n;
      owed[from] = next;
      deals[i].amount += n;
      current = Deal {
        payer: from, amount: n, due: i, done: false, phase: Phase.open, hash: sha256(n)
      };
      supply[SHARE] += n;
      from.balance[SHARE] += n;
      delete votes[from][i];
      assert owed[from] >= n;
      emit Note { text: sha256(current) };
      stage = if to == none then Phase.open else Phase.closed;
    }
    verify { owed[from] == old(owed[from]) + n; }
  }
  intent settle(who: Account) { guard { true; } effect { total -= 1; } }
  uncovered balance[GOLD] "nobody is owed it";
}`;

type Case = readonly [from: string, to: string, fault: string, message: string];

/** Each case replaces one piece of the contract: then there is one fault, at the marked text. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  "wrong type": [
    ["stage = if", "stage += 1; stage = if", "type stage", "`+=` changes a number"],
    ["n > FEE;", "n;", "type n", "expected a condition, but `n` is a number"],
    ["n > FEE;", "n > from;", "type from", "expected a number, but `from` is an account"],
    ["n > FEE;", "from == n;", "type from == n", "compares two values of one type"],
    ["n > FEE;", "from != 0;", "type from != 0", "a number; the account of nobody is `none`"],
    ["n > FEE;", "s == s;", "type s == s", "not a signature and a signature"],
    ["n > FEE;", "Phase.open < 5;", "type Phase.open", "expected a number"],
    ["n > FEE;", "if n > 0 then 1 > 0 else 2;", "type if n > 0 then 1 > 0 else 2", "both branches"],
    ["n > FEE;", "1.5 > n;", "unsupported 1.5", "decimals are not supported"],
    ["i in deals;", "from in deals;", "type from", "expected a number"],
    ["i in deals;", "i in votes;", "type i in votes", "has two keys: write `l in votes[k]`"],
    ["i in deals;", "i in deals[i];", "type i", "`deals` has one key"],
    ["i in deals;", "i in n;", "type n", "`n` is not a map"],
    ["i in deals;", "i.amount > 0;", "type amount", "`i` is a number, so it has no fields"],
    ["i in deals;", "deals > 0;", "type deals", "`deals` is a map, not a value"],
    ["i in deals;", "vault == n;", "type vault", "write `vault.balance`"],
    [
      "i in deals;",
      "sha256(from) == sha256(n);",
      "type from",
      "takes a number, a digest or a record",
    ],
    [
      "signed_message(from, deals[i], s)",
      "signed_message(from, n, s)",
      "type n",
      "expected a record",
    ],
    ["signed_message(from, deals[i], s)", "signed(n)", "type n", "expected an account"],
    ["let before = owed[from];", "let before = s;", "type s", "a signature cannot be named"],
    ["owed[from] = next;", "owed[from] = from;", "type from", "expected a number"],
    ["owed[from] = next;", "owed[n] = next;", "type n", "expected an account"],
    ["stage = if", "stage += if", "type if to == none then Phase.open else Phase.closed", "number"],
    [
      "current = Deal",
      "current = Note { text: sha256(1) }; let d = Deal",
      "type Note { text: sha256(1) }",
      "of type `Deal`",
    ],
    ["payer: from, amount: n", "payer: n, amount: n", "type n", "expected an account"],
    ["= FEE;", "= OWNER;", "type OWNER", "expected a number, but `OWNER` is an account"],
    ["= FEE;", "= -1;", "type -1", "out of the range of its type"],
    ["[OWNER]: 5", "[5]: 5", "type 5", "expected an account"],
    ["[OWNER]: 5", "[OWNER][1]: 5", "type [OWNER][1]: 5", "has one key, and 2 are given"],
    ["[OWNER]: 5", "[OWNER]: 5, [OWNER]: 6", "duplicate [OWNER]: 6", "given already"],
    [
      "vault.balance >= sum(v in owed: v)",
      "sum(v in owed: v)",
      "type sum(v in owed: v)",
      "condition",
    ],
    ["sum(v in owed: v)", "sum(v in deals: v)", "type v", "expected a number"],
    ["sum(v in owed: v)", "sum(v in votes[1]: v)", "type 1", "expected an account"],
    ["sum(v in owed: v)", "sum(v in owed[OWNER]: v)", "type sum(v in owed[OWNER]: v)", "no rows"],
    ["keeping owed[a]", "keeping a", "type a", "expected a number"],
    ["to a;", "to owed[a];", "type owed[a]", "expected an account"],
    ["via settle(a)", "via settle(5)", "type 5", "expected an account"],
    ["optional to: Account", "optional to: Int", "type optional", "only an `Account`"],
    [
      "signer from: Account, optional to: Account",
      "from: Account, signer optional to: Account",
      "type signer optional to: Account",
      "`none` cannot sign",
    ],
  ],
  "unknown name": [
    [
      "n > FEE;",
      "from.stake[GOLD] > 0;",
      "unknown-field stake",
      "only `balance` is held per asset",
    ],
    ["w at j in votes[a]: w", "w at j in votes[a]: i", "unknown-name i", "`i` is not declared"],
    ["after 5 via", "after 5 unless setle via", "unknown-name setle", "did you mean `settle`?"],
    ["n > FEE;", "n > FEES;", "unknown-name FEES", "did you mean `FEE`?"],
    ["i in deals;", "i in deal;", "unknown-name deal", "did you mean `deals`?"],
    ["deals[i].amount += n;", "deal[i].amount += n;", "unknown-name deal", "did you mean `deals`?"],
    ["delete votes[from][i];", "delete vots[from][i];", "unknown-name vots", "`votes`"],
    ["total -= 1;", "totl -= 1;", "unknown-name totl", "did you mean `total`?"],
    ["sum(v in owed: v)", "sum(v in owd: v)", "unknown-name owd", "there is no map `owd`"],
    [
      "sum(v in owed: v)",
      "sum(v in owed: total)",
      "type total",
      "it mentions its cell, its keys and constants",
    ],
    ["for each a, i in votes:", "for each a, i in vote:", "unknown-name vote", "`votes`"],
    ["unless settle owed", "unless setle owed", "unknown-name setle", "did you mean `settle`?"],
    ["via settle(a)", "via setle(a)", "unknown-name setle", "did you mean `settle`?"],
    ["from.balance[SHARE]", "from.balance[SHARES]", "unknown-name SHARES", "`SHARE`?"],
    ['balance[GOLD] "', 'balance[GOLDS] "', "unknown-name GOLDS", "did you mean `GOLD`?"],
    ["in balance after", "in balance[SILVER] after", "unknown-name SILVER", "is not declared"],
    ["phase: Phase.open,", "phase: Phase.opn,", "unknown-name opn", "did you mean `open`?"],
    ["emit Note {", "emit Nota {", "unknown-type Nota", "did you mean `Note`?"],
    ["stage: Phase;", "stage: Phases;", "unknown-type Phases", "did you mean `Phase`?"],
    [
      "map[Int] Deal",
      "map[Integer] Deal",
      "unknown-type Integer",
      "there are `Account`, `Amount`,",
    ],
    ["n: Amount, i", "n: Amont, i", "unknown-type Amont", "did you mean `Amount`?"],
    ["deals[i].amount += n;", "deals[i].amout += n;", "unknown-field amout", "`amount`?"],
    ["text: sha256(current)", "txt: sha256(current)", "unknown-field txt", "did you mean `text`?"],
    ["from.balance >= n", "from.gold >= n", "unknown-field gold", "an account has no field `gold`"],
    ["vault.balance += n;", "vault.stake += n;", "unknown-field stake", "no field but `balance`"],
    ["n > FEE;", "sqrt(n) > FEE;", "unknown-name sqrt", "there is no function `sqrt`"],
  ],
  "duplicate or hidden name": [
    ["const FEE = 2;", "const FEE = 2; const FEE = 3;", "duplicate FEE", "declared already"],
    ["stage: Phase;", "stage: Phase; deals: Phase;", "duplicate deals", "declared already"],
    ["  uncovered", "intent deposit() {} uncovered", "duplicate deposit", "declared already"],
    ["invariant rows:", "invariant covers:", "duplicate covers", "declared already"],
    ["record Note", "record Phase { x: Int; } record Note", "duplicate Phase", "declared already"],
    [
      "record Note",
      "record Amount { x: Int; } record Note",
      "duplicate Amount",
      "declared already",
    ],
    [
      "record Note",
      "record Signature { x: Int; } record Note",
      "duplicate Signature",
      "declared already",
    ],
    [
      "enum Phase { open, closed }",
      "enum Phase { open, closed, open }",
      "duplicate open",
      "a word of",
    ],
    ["due: Int; done", "due: Int; due", "duplicate due", "has a field `due` already"],
    [
      "optional to: Account",
      "optional to: Account, from: Int",
      "duplicate from",
      "declared already",
    ],
    ["i: Int, s", "i: Int, total: Int, s", "duplicate total", "declared already"],
    ["i: Int, s", "i: Int, settle: Int, s", "duplicate settle", "declared already"],
    [
      "let next = before + n;",
      "let next = before + n; let n = 5;",
      "duplicate n",
      "declared already",
    ],
    [
      "for each a, i in votes: votes[a][i]",
      "for each a, a in votes: votes[a][a]",
      "duplicate a",
      "declared already",
    ],
    [
      "for each a, i in votes: votes[a][i]",
      "for each a, total in votes: votes[a][total]",
      "duplicate total",
      "declared already",
    ],
    ["sum(v in owed: v)", "sum(owed in owed: 1)", "duplicate owed", "declared already"],
    ["w at j in votes[a]: w", "w at a in votes[a]: w", "duplicate a", "declared already"],
    ["w at j in votes[a]: w", "w at w in votes[a]: w", "duplicate w", "declared already"],
    [
      "text: sha256(current)",
      "text: sha256(1), text: sha256(2)",
      "duplicate text",
      "given already",
    ],
    ["verify {", "guard { } verify {", "duplicate guard", "has a `guard` block already"],
    ["unless settle owed", "unless settle, settle owed", "duplicate settle", "named already"],
    ["signer from", "signer signer from", "duplicate signer signer", "stands here twice"],
    [
      "  uncovered",
      'uncovered balance[GOLD] "again"; uncovered',
      "duplicate balance[GOLD]",
      "named already",
    ],
  ],
  missing: [
    ["payer: from, amount: n", "payer: from", "missing", "`Deal` needs `amount`"],
    ["via settle(a)", "via settle(OWNER)", "missing settle", "must name every key: `a` is missing"],
    ["after 5 via", "after owed[a] via", "missing owed[a]", "`within` may be missing only where"],
    ["after 5 via", "unless deposit via", "missing deposit", "`unless deposit` needs a time: "],
    [
      "record Note { text: Digest; }",
      "record Note { text: Digest; } record Empty { }",
      "missing record Empty { }",
      "needs a field",
    ],
    [
      "enum Phase",
      "enum None_of_these { } enum Phase",
      "missing enum None_of_these { }",
      "needs a word",
    ],
  ],
  "out of place": [
    [
      "vault.balance >= sum(v in owed: v)",
      "now > 5",
      "type now",
      "an invariant cannot mention `now`",
    ],
    ["vault.balance >= sum(v in owed: v)", "sequence > 5", "type sequence", "an invariant cannot"],
    [
      "vault.balance >= sum(v in owed: v)",
      "old(total) > 5",
      "type old(total)",
      "an invariant cannot",
    ],
    [
      "vault.balance >= sum(v in owed: v)",
      "signed(OWNER)",
      "type signed(OWNER)",
      "an invariant cannot",
    ],
    [
      "vault.balance >= sum(v in owed: v)",
      "OWNER.balance > 0",
      "type OWNER.balance",
      "holdings of accounts",
    ],
    [
      "vault.balance >= sum(v in owed: v)",
      "OWNER.stake > 0",
      "type OWNER.stake",
      "holdings of accounts",
    ],
    [
      "vault.balance >= sum(v in owed: v)",
      "supply[GOLD] > 0",
      "type supply[GOLD]",
      "changes without a call",
    ],
    [
      "old(total) <= total",
      "OWNER.balance[GOLD] > 0",
      "type OWNER.balance[GOLD]",
      "a transition cannot",
    ],
    ["owed[a] > 0 keeping", "now > 0 keeping", "type now", "an exit cannot mention `now`"],
    [
      "owed[a] > 0 keeping",
      "signed(a) keeping",
      "type signed(a)",
      "an exit cannot mention `signed`",
    ],
    ["after 5 via", "after sequence within 5 via", "type sequence", "an exit cannot mention"],
    [
      "after 5 via",
      "after sum(v in owed: v) within 5 via",
      "type sum(v in owed: v)",
      "an exit cannot",
    ],
    [
      "n > FEE;",
      "sum(v in owed: v) > FEE;",
      "type sum(v in owed: v)",
      "a guard cannot have a `sum`",
    ],
    [
      "owed[from] = next;",
      "owed[from] = sum(v in owed: v);",
      "type sum(v in owed: v)",
      "an effect cannot",
    ],
    [
      "sum(v in owed: v)",
      "sum(v in owed: sum(w in owed: w))",
      "type sum(w in owed: w)",
      "the term of a sum",
    ],
    ["= FEE;", "= total;", "type total", "an initial value cannot read the state"],
    ["const FEE = 2;", "const FEE = now;", "type now", "a constant cannot mention `now`"],
    [
      "const FEE = 2;",
      "const FEE = Note { text: sha256(1) };",
      "unsupported const FEE = Note { text: sha256(1) };",
      "a constant is no record",
    ],
    ["const FEE = 2;", "const FEE = 1 / 0;", "type 1 / 0", "a constant divides by zero"],
    [
      "const FEE = 2;",
      `const FEE = ${(1n << 256n) - 1n} * 2;`,
      `limit ${(1n << 256n) - 1n} * 2`,
      "below 2^256",
    ],
  ],
  arity: [
    ["n > FEE;", "min(n) > FEE;", "type min(n)", "`min` takes 2 values, not 1"],
    ["n > FEE;", "old(n, n) > FEE;", "type old(n, n)", "`old` takes 1 value, not 2"],
    ["signed(OWNER)", "signed(OWNER, OWNER)", "type signed(OWNER, OWNER)", "takes 1 value"],
    ["deals[i], s)", "deals[i])", "type signed_message(from, deals[i])", "takes 3 values, not 2"],
    ["via settle(a)", "via settle(a, a)", "type settle", "`settle` takes 1 argument, not 2"],
    [
      "for each a, i in votes: votes[a][i]",
      "for each a in votes: votes[a][1]",
      "type for each a in votes:",
      "has two keys, and 1 are named",
    ],
    [
      "w at j in votes[a]: w",
      "w at j, k in votes[a]: w",
      "type sum(w at j, k in votes[a]: w)",
      "1 keys of `votes` vary here",
    ],
    ["votes[a][i] <=", "votes[a] <=", "type votes[a]", "has two keys: write `votes[k][l]`"],
    ["owed[from] = next;", "owed[from][i] = next;", "type i", "`owed` has one key"],
    ["delete votes[from][i];", "delete votes[from];", "type votes[from]", "takes a cell of a map"],
    ["delete votes[from][i];", "delete current;", "type current", "is not a map"],
  ],
  stores: [
    ["from.balance -= n;", "from.stake -= n;", "privileged from.stake", "cannot write `stake`"],
    ["supply[SHARE] += n;", "supply[GOLD] += n;", "privileged supply[GOLD]", "has another issuer"],
    ["total -= 1;", "who = none;", "type who", "`who` cannot be stored"],
    ["total -= 1;", "vault -= 1;", "type vault", "`vault` cannot be stored: write `vault.balance`"],
    ["total -= 1;", "FEE = 1;", "type FEE", "`FEE` cannot be stored"],
    ["total -= 1;", "deals = 1;", "type deals", "is a map: write `deals[k]`"],
    ["total -= 1;", "votes[who] = 1;", "type votes[who]", "has two keys"],
    [
      "total -= 1;",
      "old(current).amount = 1;",
      "type old(current).amount",
      "no place of the state",
    ],
    ["total -= 1;", "old(deals[1]) = current;", "type old(deals[1])", "cannot be stored"],
    [
      "total -= 1;",
      "let copy = current; copy.amount = 1;",
      "type copy.amount",
      "no place of the state",
    ],
    [
      "total -= 1;",
      "Deal { payer: who, amount: 1, due: 1, done: true, phase: Phase.open, hash: sha256(1) }.amount = 1;",
      "type Deal { payer: who, amount: 1, due: 1, done: true, phase: Phase.open, hash: sha256(1) }.amount",
      "no place of the state",
    ],
  ],
  declarations: [
    [
      "record Note { text: Digest; }",
      "record Note { text: Digest; stake: Int; }",
      "type stake",
      "a field of accounts",
    ],
    ["deals: map[Int] Deal", "deals: map[Bool] Deal", "type Bool", "a key is of type"],
    ["deals: map[Int] Deal", "deals: map[Deal] Deal", "type Deal", "a key is of type"],
    ["deals: map[Int] Deal", "deals: map[Signature] Deal", "type Signature", "none is stored"],
    [
      "deals: map[Int] Deal",
      "deals: map[Int][Int][Int] Deal",
      "limit deals: map[Int][Int][Int]",
      "one or two keys",
    ],
    ["record Note { text: Digest; }", "record Note { text: Deal; }", "type Deal", "is no record"],
    [
      "record Note { text: Digest; }",
      "record Note { text: Digest; balance: Int; }",
      "type balance",
      "a field of accounts",
    ],
    [
      "owed: map[Account] Amount",
      "owed: map[Account] Int",
      "type claim (balance) unless settle",
      "is a `map[Account] Amount`",
    ],
    [
      "owed: map[Account] Amount = { [OWNER]: 5 }",
      "owed: Amount",
      "type claim (balance) unless settle",
      "is a `map[Account] Amount`",
    ],
    ["s: Signature)", "s: Signature, d: Deal)", "unsupported Deal", "a parameter is no record"],
    [
      "who: Account",
      "secret who: Account",
      "unsupported secret",
      "does not stand before a parameter",
    ],
    ["who: Account", "external who: Account", "unsupported external", "does not stand before"],
    ["who: Account", "now: Account", "syntax now", "`now` is a reserved word"],
    ["who: Account", "vault: Account", "syntax vault", "`vault` is a reserved word"],
    ["due: Int; done", "due: Int; none", "syntax none", "`none` is a reserved word"],
    ["stage: Phase;", "stage: Phase; sum: Int;", "syntax sum", "`sum` is a reserved word"],
    [
      "  uncovered",
      "state { more: Int; } uncovered",
      "duplicate state { more: Int; }",
      "a `state` block already",
    ],
  ],
  "refused by name": [
    ["total -= 1;", "bank.pay(total);", "unsupported bank.pay", "a contract calls no other"],
    ["intent settle", "issue intent settle", "unsupported issue", "does not stand in a contract"],
    ["intent settle", "burn intent settle", "unsupported burn", "does not stand in a contract"],
    ["  uncovered", "atomic_batch b { } uncovered", "unsupported atomic_batch", "has no batches"],
    ["verify {", "solve { a: b; } verify {", "unsupported solve", "no `solve` block"],
    ["total -= 1;", "for each a in owed { total -= 1; }", "syntax for", "stands at the head"],
    ["total -= 1;", "for a in owed { total -= 1; }", "unsupported for", "loops are not supported"],
    ["total -= 1;", "while (true) { total -= 1; }", "unsupported while", "loops are not supported"],
    ["total -= 1;", "if total > 1 { total -= 1; }", "unsupported if", "a conditional block"],
    ["guard { true; }", "guard { if true { true; } }", "unsupported {", "a conditional block"],
    [
      "vault.balance >= sum",
      "total > 0 && for each a in owed: owed[a] >= sum",
      "syntax for",
      "stands at the head",
    ],
    [
      "for each a in owed: owed[a] > 0",
      "for each a in owed: for each b in owed: owed[b] > 0",
      "syntax for",
      "stands at the head",
    ],
    ["verify {", "let late = 1; verify {", "syntax let", "stands before its blocks"],
    [
      "guard { true; }",
      "guard { if current == Deal { done: true } then true else false; }",
      "unsupported {",
      "a conditional block",
    ],
    ["votes[a][i] <= sum", "votes[a][i] <= 1 <= sum", "syntax <=", "comparisons do not chain"],
    ["i in deals;", "i == n in deals;", "syntax in", "comparisons do not chain"],
    ["i in deals;", "i in deals == true;", "syntax ==", "comparisons do not chain"],
    ["total -= 1;", "total == 1;", "syntax ==", "expected `=`, `+=` or `-=`"],
    ['"nobody is owed it"', "because", "syntax because", "expected the reason in quotes"],
    [
      "asset SHARE issuer self;",
      "asset SHARE issuer OWNER;",
      "syntax OWNER",
      "account of the issuer in quotes",
    ],
    [`account "${owner}"`, 'account "01"', 'syntax "01"', "64 hexadecimal digits"],
  ],
};

describe("the contract of which each case has one fault", () => {
  test("has none", () => {
    expect(checkedContract(bank).intents).toHaveLength(2);
  });
});

describe.each(Object.entries(cases))("%s", (_what, list) => {
  test.each(list)("%s -> %s: %s", (from, to, fault, message) => {
    // The text to replace stands there once.
    expect(bank.split(from)).toHaveLength(2);
    const source = bank.replace(from, () => to);
    const found = diagnosticsOf(source);

    const [only] = marked(found, source);
    expect(found.map((one) => one.message).join("\n")).toContain(message);
    expect(found).toHaveLength(1);
    if (fault === "missing") expect(only).toMatch(/^missing Deal \{[^}]*\}$/);
    else expect(only).toBe(fault);
  });
});
