import { BANK, DEALS, type Trap } from "./trap-sources.ts";

const intents = "/* intents */";

/** Contracts whose money does not reach its owner. */
export const EXIT_TRAPS: readonly Trap[] = [
  {
    name: "an intent pays a stranger before the time of the owner",
    source: DEALS,
    fault: [
      [
        intents,
        `intent early(id: Int, to: Account) {
          let d = deals[id];
          guard { now <= d.t; }
          effect { deals[id].amount = 0; vault.balance -= d.amount; to.balance += d.amount; }
        }`,
      ],
    ],
    repair: [["guard { now <= d.t; }", "guard { now <= d.t; signed(d.owner); }"]],
    open: "exit early: what `out` loses is paid",
  },
  {
    name: "one payment excuses two claims",
    source: DEALS,
    fault: [
      [
        intents,
        `intent both(a: Int, b: Int, thief: Account) {
          let d = deals[a]; let e = deals[b];
          guard { a != b; d.owner == e.owner; d.amount == e.amount; d.owner != none; }
          effect {
            deals[a].amount = 0; deals[b].amount = 0;
            vault.balance -= d.amount + e.amount;
            d.owner.balance += d.amount; thief.balance += e.amount;
          }
        }`,
      ],
    ],
    repair: [["thief.balance += e.amount", "e.owner.balance += e.amount"]],
    open: "exit both: what `out` loses is paid",
  },
  {
    name: "an exit keeps one of a hundred",
    source: DEALS,
    fault: [["keeping deals[id].amount", "keeping 1"]],
    repair: [["keeping 1", "keeping deals[id].amount"]],
    open: "coverage deals: what `deals` counts in `solvent` is owed",
  },
  {
    name: "small claims have no exit",
    source: DEALS,
    fault: [["deals[id].amount > 0 keeping", "deals[id].amount > 5 keeping"]],
    repair: [["deals[id].amount > 5 keeping", "deals[id].amount != 0 keeping"]],
    open: "coverage deals: what `deals` counts in `solvent` is owed",
  },
  {
    name: "anybody extends the time",
    source: DEALS,
    fault: [
      [
        intents,
        `intent extend(id: Int, t: Int) {
          guard { t <= now + 100; }
          effect { deals[id].t = t; }
        }`,
      ],
    ],
    repair: [["{ t <= now + 100; }", "{ t <= now + 100; signed(deals[id].owner); }"]],
    open: "exit extend: what `out` loses is paid",
  },
  {
    name: "the time of all claims is a scalar that anybody moves on",
    source: DEALS,
    fault: [
      ["/* state */", "clock: Int;"],
      ["now > d.t;", "now > clock;"],
      ["after deals[id].t", "after clock"],
      ["t <= now + 100;", "clock <= now + 100;"],
      [intents, "intent tick() { guard { clock < now; } effect { clock += 1; } }"],
    ],
    repair: [
      [
        "guard { clock < now; } effect { clock += 1; }",
        "guard { clock > 0; } effect { clock -= 1; }",
      ],
    ],
    open: "exit tick: `out` loses nothing for keys that the call does not touch",
  },
  {
    name: "the exit's call demands the absence of a signature",
    source: DEALS,
    fault: [["/* guard */", "!signed(d.owner);"]],
    repair: [["!signed(d.owner);", ""]],
    open: "exit pay: the guard holds",
  },
  {
    name: "a change of the owner moves the time to the end of time",
    source: DEALS,
    fault: [
      [
        intents,
        `intent sell(id: Int, to: Account) {
          guard { signed(deals[id].owner); }
          effect { deals[id].owner = to; deals[id].t = 1_000_000_000_000_000; }
        }`,
      ],
    ],
    repair: [["= 1_000_000_000_000_000", "= now + 100"]],
    open: "exit sell: `out` is due within the stated time",
  },
  {
    name: "a claim is put off beyond the stated time",
    source: DEALS,
    fault: [
      [
        intents,
        `intent extend(id: Int, t: Int) {
          guard { signed(deals[id].owner); }
          effect { deals[id].t = t; }
        }`,
      ],
    ],
    repair: [
      ["guard { signed(deals[id].owner);", "guard { signed(deals[id].owner); t <= now + 100;"],
    ],
    open: "exit extend: `out` is due within the stated time",
  },
  {
    name: "a signature for one claim pays out another",
    source: DEALS,
    fault: [
      ["record Deal", "record Ticket { id: Int; } record Deal"],
      [
        intents,
        `intent cash(id: Int, other: Int, to: Account, signature: Signature) {
          let d = deals[id];
          guard { signed_message(d.owner, Ticket { id: other }, signature); }
          effect { deals[id].amount = 0; vault.balance -= d.amount; to.balance += d.amount; }
        }`,
      ],
    ],
    repair: [["Ticket { id: other }", "Ticket { id: id }"]],
    open: "exit cash: what `out` loses is paid",
  },
  {
    name: "anybody changes the owner",
    source: DEALS,
    fault: [
      [
        intents,
        `intent give(id: Int, to: Account) {
          guard { deals[id].t <= now + 100; }
          effect { deals[id].owner = to; }
        }`,
      ],
    ],
    repair: [["guard { deals[id].t", "guard { signed(deals[id].owner); deals[id].t"]],
    open: "exit give: what `out` loses is paid",
  },
  {
    name: "a new claim is due whenever its maker likes",
    source: DEALS,
    fault: [["t <= now + 100;", "t <= now + 1_000;"]],
    repair: [["t <= now + 1_000;", "t <= now + 99;"]],
    open: "exit open: `out` is due within the stated time",
  },
  {
    name: "an exempt intent takes a claim after its time",
    source: DEALS,
    fault: [
      ["/* unless */", "unless slash"],
      [
        intents,
        `intent slash(id: Int, thief: Account) {
          let d = deals[id];
          effect { deals[id].amount = 0; vault.balance -= d.amount; thief.balance += d.amount; }
        }`,
      ],
    ],
    repair: [
      ["let d = deals[id];\n          effect", "let d = deals[id];\n guard { now <= d.t; } effect"],
    ],
    open: "exit slash: what `out` loses is paid",
  },
  {
    name: "a scalar ends all claims and one payment excuses them, whatever rules call their keys",
    source: DEALS,
    fault: [
      ["/* state */", "frozen: Bool; boss: Account;"],
      [
        "/* rules */",
        'uncovered balance "it may be frozen"; invariant small: for each id in deals: deals[id].amount <= 10;',
      ],
      ["deals[id].amount == 0;", "deals[id].amount == 0; n <= 10;"],
      ["/* guard */", "!frozen; boss != none;"],
      ["deals[id].amount > 0 keeping", "deals[id].amount > 0 && !frozen && boss != none keeping"],
      ["to deals[id].owner;\n}", "to boss;\n}"],
      ["d.owner.balance += d.amount", "boss.balance += d.amount"],
      [
        intents,
        `intent freeze(one: Int) {
          let d = deals[one];
          guard { boss != none; !frozen; }
          effect { frozen = true; deals[one].amount = 0; vault.balance -= d.amount; boss.balance += d.amount; }
        }`,
      ],
    ],
    repair: [["effect { frozen = true;", "effect {"]],
    open: "exit freeze: `out` loses nothing for keys that the call does not touch",
  },
  {
    name: "an exit owes its money to nobody",
    source: BANK,
    fault: [
      ["owed[a] > 0 => a != none;", "owed[a] >= 0;"],
      [
        intents,
        `intent give(signer from: Account, optional to: Account, n: Amount) {
          guard { owed[from] >= n; }
          effect { owed[from] -= n; owed[to] += n; }
        }`,
      ],
    ],
    repair: [
      ["owed[a] >= 0;", "owed[a] > 0 => a != none;"],
      ["optional to", "to"],
    ],
    open: "exit take: the beneficiary of `out` is not `none`",
  },
  {
    name: "a withdrawal pays a stranger from a cell",
    source: BANK,
    fault: [
      [
        intents,
        `intent steal(a: Account, thief: Account) {
          let n = owed[a];
          effect { owed[a] = 0; vault.balance -= n; thief.balance += n; }
        }`,
      ],
    ],
    repair: [
      ["let n = owed[a];\n          effect", "let n = owed[a]; guard { signed(a); } effect"],
    ],
    open: "claim steal: what a cell of `owed` loses is paid",
  },
  {
    name: "two exits over one cell count its rise twice",
    source: BANK,
    fault: [
      ["/* state */", "rest: map[Account] Amount;"],
      ["sum(o in owed: o);", "sum(o in owed: o) + sum(r in rest: r);"],
      ["/* rules */", "invariant both: for each a in rest: rest[a] > 0 => a != none;"],
      ["claim (balance) ", ""],
      [
        "exit out: for each a in owed: owed[a] > 0 keeping owed[a] via take(a) to a;",
        `intent draw(signer a: Account) {
          let n = rest[a];
          effect { rest[a] = 0; vault.balance -= n; a.balance += n; }
        }
        exit out: for each a in owed: owed[a] > 0 keeping owed[a] via take(a) to a;
        exit one: for each a in rest: rest[a] > 0 keeping rest[a] via draw(a) by a;
        exit two: for each a in rest: rest[a] > 0 keeping rest[a] via draw(a) by a;`,
      ],
      [
        intents,
        `intent split(a: Account, thief: Account) {
          guard { owed[a] == 10; thief != a; rest[a] <= 10; rest[thief] <= 10; }
          effect { owed[a] = 0; rest[a] += 5; rest[thief] += 5; }
        }`,
      ],
    ],
    repair: [["owed[a] == 10; thief", "owed[a] == 10; signed(a); thief"]],
    open: "exit split: what `out` and `one` and `two` loses is paid",
  },
  {
    name: "a condition that comes true counts what another exit pays from the same cell",
    source: BANK,
    fault: [
      ["/* state */", "rest: map[Account] Amount; flag: map[Account] Bool;"],
      ["sum(o in owed: o);", "sum(o in owed: o) + sum(r in rest: r);"],
      ["/* rules */", "invariant both: for each a in rest: rest[a] > 0 => a != none;"],
      ["claim (balance) ", ""],
      [
        intents,
        `intent draw(signer a: Account) {
          let n = rest[a];
          effect { rest[a] = 0; vault.balance -= n; a.balance += n; }
        }
        intent steal(a: Account, thief: Account) {
          guard { owed[a] == 10; rest[a] == 10; thief != a; owed[thief] == 0; !flag[a]; }
          effect { owed[a] = 0; flag[a] = true; owed[thief] = 10; }
        }
        exit one: for each a in rest: rest[a] > 0 keeping rest[a] via draw(a) by a;
        exit two: for each a in rest: rest[a] > 0 && flag[a] keeping rest[a] via draw(a) by a;`,
      ],
    ],
    repair: [["owed[a] == 10; rest", "owed[a] == 10; signed(a); rest"]],
    open: "exit steal: what `one` and `two` and `out` loses is paid",
  },
  {
    name: "a claim of less than nothing pays for the loss of another",
    source: BANK,
    fault: [
      ["/* state */", "minus: map[Account] Int;"],
      ["claim (balance) ", ""],
      ["/* rules */", "invariant negative: for each a in minus: minus[a] <= 0;"],
      [
        intents,
        `intent nothing(a: Account) { }
        intent owe(signer a: Account) { effect { minus[a] = 0 - 10; } }
        intent steal(a: Account, thief: Account) {
          guard { owed[a] == 10; minus[a] == 0 - 10; thief != a; owed[thief] == 0; }
          effect { owed[a] = 0; minus[a] = 0; owed[thief] = 10; }
        }
        exit debt: for each a in minus: minus[a] != 0 && a != none keeping minus[a] via nothing(a) by a;`,
      ],
    ],
    repair: [["owed[a] == 10; minus", "owed[a] == 10; signed(a); minus"]],
    open: "exit steal: what `debt` and `out` loses is paid",
  },
  {
    name: "a claim is moved to an exit from which it may be taken",
    source: BANK,
    fault: [
      ["/* state */", "risky: map[Account] Amount; t: map[Account] Int;"],
      ["sum(o in owed: o);", "sum(o in owed: o) + sum(r in risky: r);"],
      ["claim (balance) ", ""],
      ["/* rules */", "invariant both: for each a in risky: risky[a] > 0 => a != none;"],
      ["owed[a] > 0 keeping owed[a] via", "owed[a] > 0 keeping owed[a] after 50 via"],
      [
        intents,
        `intent slide(a: Account) {
          guard { risky[a] == 0; }
          effect { risky[a] = owed[a]; owed[a] = 0; }
        }
        intent steal(a: Account, thief: Account) {
          let n = risky[a];
          guard { now <= 50; }
          effect { risky[a] = 0; vault.balance -= n; thief.balance += n; }
        }
        intent draw(a: Account) {
          let n = risky[a];
          guard { a != none; }
          effect { risky[a] = 0; vault.balance -= n; a.balance += n; }
        }
        exit other: for each a in risky: risky[a] > 0 keeping risky[a] after 50 unless steal via draw(a) to a;`,
      ],
    ],
    repair: [
      ["after 50 unless steal via", "after 50 via"],
      ["guard { now <= 50; }", "guard { signed(a); }"],
    ],
    open: "exit slide: what `other` and `out` loses is paid",
  },
];
