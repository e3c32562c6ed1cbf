/** Contracts with sums, rows, messages, hashes in calls and in rules, and records, by name. */
export const WRITTEN: readonly (readonly [string, string])[] = [
  [
    "branches",
    `contract branches {
  state { n: map[Int] Int; total: Int; x: Int; }
  invariant all: total == sum(v in n: v);
  intent divide(a: Int, b: Int, k: Int) {
    guard {
      a == 0 || 100 / a > 0 - 200; b != 0 => 100 / b > 0 - 200; a != 0 && 7 % a < 4 || b < 9;
      (if a == 0 then 1 else 10 / a) >= (if b != 0 then 10 % b else 0) || a < 9;
    }
    effect {
      x = if a != 0 then (if b == 0 then 1 else a / b) else 0;
      total += min(a, b) - n[k]; n[k] = min(a, b);
      vault.balance += 1; vault.balance += 2;
      x = max(a, b) + abs(x) / (if x == 0 then 1 else x);
    }
  }
}`,
  ],
  [
    "rows",
    `contract rows {
  state { votes: map[Account][Int] Amount; total: Amount; }
  invariant all: total == sum(v in votes: v);
  invariant row: for each a, n in votes: sum(v in votes[a]: v) >= votes[a][n];
  invariant keyed: sum(v at a, n in votes: if n > 1 then v else 0) >= 0;
  transition grows: for each a, n in votes: sum(v in votes[a]: v) >= old(sum(v in votes[a]: v));
  intent vote(a: Account, n: Int, by: Amount) {
    effect { votes[a][n] += by; total += by; votes[a][n + 1] = 2; votes[a][n] = by; }
  }
  intent clear(a: Account, n: Int) { effect { total -= votes[a][n]; delete votes[a][n]; } }
}`,
  ],
  [
    "deals",
    `contract deals {
  record Deal { payer: Account; amount: Amount; until: Int; open: Bool; }
  state { deals: map[Int] Deal; current: Deal; next: Int = 0; }
  invariant solvent: vault.balance == sum(d in deals: if d.open then d.amount else 0);
  invariant named: for each id in deals: deals[id].open => deals[id].payer != none;
  transition once: for each id in deals: old(deals[id]).amount > 0 => deals[id].amount == old(deals[id]).amount;
  intent open(signer payer: Account, id: Int, amount: Amount) {
    let before = deals[id];
    guard { payer.balance >= amount; !before.open; }
    effect {
      payer.balance -= amount; vault.balance += amount;
      deals[id] = Deal { payer: payer, amount: amount, until: now + id, open: true };
      current = deals[id]; current.open = before.open; next += 1;
    }
  }
  intent close(id: Int, other: Int) {
    let d = deals[id];
    guard { d.open; now > d.until || signed(d.payer); }
    effect {
      deals[other].amount = d.amount; deals[id].open = false; deals[other].until -= 1;
      vault.balance -= d.amount; d.payer.balance += d.amount;
    }
  }
}`,
  ],
  [
    "messages",
    `contract messages {
  asset SHARE issuer self;
  enum Step { idle, live, done }
  record Paid { to: Account; amount: Amount; nonce: Int; }
  state { step: Step; isSigned: Bool; seen: map[Digest] Bool; held: map[Account] Bool; paid: map[Account][Step] Int; last: Digest; }
  invariant few: supply[SHARE] <= 100 || step != Step.idle;
  invariant known: for each d in seen: seen[d] => d in seen;
  transition onward: old(step) == Step.done => step == Step.done && now >= sequence;
  transition named: for each a, s in paid: paid[a][s] == old(paid[a][s]) || signed(a);
  intent pay(optional to: Account, amount: Amount, nonce: Int, signature: Signature, step2: Step) {
    let message = Paid { to: to, amount: amount, nonce: nonce };
    guard { to != none => signed_message(to, message, signature); !seen[sha256(message)]; }
    effect {
      isSigned = signed_message(to, message, signature);
      seen[sha256(message)] = true; paid[to][step2] += amount / nonce; last = sha256(nonce);
      supply[SHARE] += amount; vault.balance[SHARE] += amount; step = step2;
      emit Paid { to: to, amount: amount + 1, nonce: nonce % amount };
    }
  }
  intent burn(from: Account, amount: Amount) {
    guard { if amount > 1 then signed(from) else (from in held); }
    effect { from.balance[SHARE] -= amount; supply[SHARE] -= min(amount, abs(0 - amount)); }
  }
}`,
  ],
  [
    "hashes",
    `contract hashes {
  record Part { amount: Amount; of: Int; }
  state { n: Int; seen: map[Int] Bool; }
  invariant one: sha256(Part { amount: n, of: 1 }) != sha256(2);
  invariant each: for each k in seen: k > 2 || sha256(Part { amount: k, of: n }) != sha256(n);
  intent set(to: Int, key: Int) { effect { n = to; seen[key] = true; } }
}`,
  ],
];
