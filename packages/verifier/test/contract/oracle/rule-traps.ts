import { BANK, PLAIN, type Trap } from "./trap-sources.ts";

const intents = "/* intents */";
const rules = "/* rules */";
const state = "/* state */";

/** Contracts that break what they state of their own state. */
export const RULE_TRAPS: readonly Trap[] = [
  {
    name: "one exit of a scalar excuses two of them",
    source: BANK,
    fault: [
      ["/* state */", "x: Amount; y: Amount; who: Account;"],
      ["sum(o in owed: o)", "sum(o in owed: o) + x + y"],
      ["/* rules */", "invariant same: x == y; invariant known: x > 0 => who != none;"],
      [
        "/* intents */",
        `intent pledge(signer a: Account, n: Amount) {
          guard { x == 0; n > 0; a.balance >= 2 * n; }
          effect { a.balance -= 2 * n; vault.balance += 2 * n; x = n; y = n; who = a; }
        }
        intent redeem(thief: Account) {
          let n = x; let to = who;
          guard { n > 0; thief != none; }
          effect { vault.balance -= 2 * n; x = 0; y = 0; to.balance += n; /* rest */ }
        }
        exit pledged: x > 0 keeping x via redeem(who) to who;`,
      ],
      ["/* rest */", "thief.balance += n;"],
    ],
    repair: [
      ["keeping x via", "keeping x + y via"],
      ["thief.balance += n;", "to.balance += n;"],
    ],
    open: "coverage bank: what scalars count in `solvent` is owed by exits together",
  },
  {
    name: "a cell is stored from a value that another name of its key has changed",
    source: BANK,
    fault: [
      [
        intents,
        `intent move(signer from: Account, to: Account, n: Amount) {
          let had = owed[to];
          guard { owed[from] >= n; }
          effect { owed[from] -= n; owed[to] = had + n; }
        }`,
      ],
    ],
    repair: [["owed[to] = had + n", "owed[to] += n"]],
    open: "invariant move: `solvent` is kept",
  },
  {
    name: "anybody takes from another account",
    source: PLAIN,
    fault: [
      [
        intents,
        `intent grab(a: Account, thief: Account) {
          guard { a.balance > 0; }
          effect { a.balance -= 1; thief.balance += 1; }
        }`,
      ],
    ],
    repair: [["a.balance > 0;", "a.balance > 0; signed(a);"]],
    open: "authority grab: no account's `balance` decreases",
  },
  {
    name: "anybody makes another account owe",
    source: PLAIN,
    fault: [
      [state, "debt borrowed: map[Account] Amount;"],
      [intents, "intent lend(a: Account) { effect { borrowed[a] = 10; } }"],
    ],
    repair: [["intent lend(a: Account)", "intent lend(signer a: Account)"]],
    open: "claim lend: a cell of `borrowed` rises only if its account signs",
  },
  {
    name: "anybody takes the shares of another account",
    source: PLAIN,
    fault: [
      [state, "claim shares: map[Account] Amount;"],
      [intents, "intent burn(a: Account) { effect { delete shares[a]; } }"],
    ],
    repair: [["effect { delete", "guard { signed(a); } effect { delete"]],
    open: "claim burn: a cell of `shares` falls only if its account signs",
  },
  {
    name: "a row loses to another row with the same second key",
    source: PLAIN,
    fault: [
      [state, "votes: map[Account][Int] Amount;"],
      [
        rules,
        "transition rows: for each a, n in votes: votes[a][n] + old(votes[a][n]) > 0 => sum(v in votes[a]: v) >= old(sum(v in votes[a]: v));",
      ],
      [
        intents,
        `intent shift(a: Account, b: Account, n: Int, k: Int) {
          guard { n != k; votes[a][n] > 0; votes[b][k] < 100; }
          effect { votes[a][n] -= 1; votes[b][k] += 1; }
        }`,
      ],
    ],
    repair: [["n != k;", "n != k; a == b;"]],
    open: "transition shift: `rows` holds",
  },
  {
    name: "a sum whose term depends on the key is not moved by all stores",
    source: PLAIN,
    fault: [
      [rules, "invariant big: count == sum(v at k in m: if k > 10 then v else 0);"],
      [
        intents,
        `intent add(k: Int, v: Amount) {
          guard { m[k] <= 100; count <= 100; v <= 100; }
          effect { m[k] += v; count += v; }
        }`,
      ],
    ],
    repair: [["count += v;", "count += if k > 10 then v else 0;"]],
    open: "invariant add: `big` is kept",
  },
  {
    name: "a number that is negative for a while is counted in a sum that never is",
    source: PLAIN,
    fault: [
      [state, "n: map[Int] Int; total: Int;"],
      [
        rules,
        `invariant natural: for each k in n: n[k] >= 0;
        invariant all: total == sum(v in n: v);
        invariant zero: count == 0;`,
      ],
      [
        intents,
        `intent trick(a: Int, b: Int) {
          let x = n[a];
          guard { a != b; }
          effect {
            n[a] = 0 - 100; n[b] = n[b]; n[a] = x;
            count = if total >= 100 then 0 else 1;
          }
        }`,
      ],
    ],
    repair: [["if total >= 100 then", "if total >= 0 then"]],
    open: "invariant trick: `zero` is kept",
  },
  {
    name: "a number that may be negative passes through a record on its way into a sum",
    source: PLAIN,
    fault: [
      ["/* types */", "record R { a: Amount; }"],
      [state, "n: map[Int] Int; total: Int;"],
      [
        rules,
        `invariant all: total == sum(v in n: R { a: v }.a);
        invariant zero: count == 0;`,
      ],
      [
        intents,
        `intent set(k: Int, v: Int) {
          guard { n[k] == 0; v <= 10; v >= 0 - 10; total <= 100; total >= 0 - 100; }
          effect { n[k] = v; total += v; }
        }
        intent trick(k: Int) { effect { count = if total >= n[k] then 0 else 1; } }`,
      ],
    ],
    repair: [["total >= n[k]", "total >= 0 - 1_000 || n[k] == n[k]"]],
    open: "invariant trick: `zero` is kept",
  },
  {
    name: "a transition is guarded at another key",
    source: PLAIN,
    fault: [
      [rules, "transition up: for each k in m: m[k] >= old(m[k]);"],
      [
        intents,
        "intent set(k: Int, l: Int, n: Amount) { guard { n >= m[l]; } effect { m[k] = n; } }",
      ],
    ],
    repair: [["n >= m[l];", "n >= m[l]; k == l;"]],
    open: "transition set: `up` holds",
  },
  {
    name: "a transition is met by the state after alone",
    source: PLAIN,
    fault: [
      [rules, "transition slow: for each k in m: m[k] <= old(m[k]) + 1;"],
      [intents, "intent set(k: Int) { guard { m[k] <= 100; } effect { m[k] += 1; m[k] += 1; } }"],
    ],
    repair: [["m[k] += 1; m[k] += 1;", "m[k] += 1;"]],
    open: "transition set: `slow` holds",
  },
  {
    name: "a counter overflows at 2^64",
    source: PLAIN,
    fault: [[intents, "intent step() { effect { count += 1; } }"]],
    repair: [["intent step() {", "intent step() { guard { count < 18_446_744_073_709_551_615; }"]],
    open: "range step: `count` stays in its range",
  },
  {
    name: "a sum of numbers that may be negative hides what is owed",
    source: BANK,
    fault: [
      [state, "more: map[Int] Int;"],
      ["sum(o in owed: o);", "sum(o in owed: o) + sum(n in more: n);"],
      [
        intents,
        `intent owe(a: Int, b: Int) {
          guard { a != b; more[a] == 0; more[b] == 0; }
          effect { more[a] = 5; more[b] = 0 - 5; }
        }
        exit rest: for each k in more: false keeping more[k] via owe(k, k) to none;`,
      ],
    ],
    repair: [["sum(o in owed: o) + sum(n in more: n)", "sum(o in owed: o)"]],
    open: "coverage bank: what `more` counts in `solvent` is not negative",
  },
  {
    name: "a rule over two maps is true only while one of them is empty",
    source: PLAIN,
    fault: [
      [state, "other: map[Int] Amount = { [1]: 5 };"],
      [
        rules,
        `invariant pair: for each a in other: for each b in m: other[a] > 0 => m[b] > 0;
        invariant zero: count == 0;`,
      ],
      [
        intents,
        "intent set(k: Int) { guard { other[1] > 0; } effect { count = if m[k] == 0 then 1 else 0; } }",
      ],
    ],
    repair: [
      ["other[a] > 0 => m[b] > 0", "other[a] > 0 => m[b] >= 0"],
      ["then 1 else 0", "then 0 else 0"],
    ],
    open: "ground plain: `pair` holds of absent cells of `m`",
  },
  {
    name: "a rule is taken to hold at a key that is out of range, and shows that it is not",
    source: PLAIN,
    fault: [
      [state, "low: map[Amount] Amount;"],
      [rules, "invariant natural: for each k in low: k >= 0;"],
      [intents, "intent read(k: Amount) { guard { low[k - 1] == 0; } effect { count = 1; } }"],
    ],
    repair: [["low[k - 1] == 0;", "k > 0; low[k - 1] == 0;"]],
    open: "defined read: the key of `low` is in the range of its type",
  },
  {
    name: "a key is a constant that is out of range",
    source: PLAIN,
    fault: [
      ["/* types */", "const K = -5;"],
      [state, "low: map[Amount] Amount;"],
      [intents, "intent read() { guard { low[K] == 0; } effect { count = 1; } }"],
    ],
    repair: [["const K = -5;", "const K = 5;"]],
    open: "defined read: the key of `low` is in the range of its type",
  },
  {
    name: "a record is named like the number whose hash its own is compared to",
    source: PLAIN,
    fault: [
      ["/* types */", "record number { a: Amount; }"],
      [state, "x: Digest; y: Digest;"],
      [rules, "invariant same: x == y;"],
      [intents, "intent set(n: Amount) { effect { x = sha256(number { a: n }); y = sha256(n); } }"],
    ],
    repair: [["y = sha256(n);", "y = sha256(number { a: n });"]],
    open: "invariant set: `same` is kept",
  },
  {
    name: "an argument of an exit's call divides by zero",
    source: BANK,
    fault: [
      ["intent take(a: Account) {", "intent take(a: Account, flag: Bool) {"],
      ["via take(a) to a", "via take(a, 5 / (owed[a] - 3) == 1) to a"],
    ],
    repair: [["5 / (owed[a] - 3) == 1", "5 / (owed[a] + 3) == 1"]],
    open: "defined take: the divisor is not zero",
  },
];
