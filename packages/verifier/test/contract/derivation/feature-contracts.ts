/**
 * Small contracts that together use every part of the language of contracts: what a fault of the
 * encoder changes, one of them shows. They need not be valid.
 */
export const FEATURES: readonly string[] = [
  `contract values {
  enum Phase { idle, live, done }
  record Pair { left: Account; right: Amount; }
  record Mark { who: Account; at: Int; }
  record Other { who: Account; at: Int; }
  state {
    pairs: map[Int] Pair; first: Pair; phase: Phase; seen: map[Digest] Bool;
    total: Int; numbers: map[Int] Int; grid: map[Phase][Amount] Amount; n: Amount;
  }
  invariant all: total == sum(v in numbers: v * 2);
  invariant first_is: first == pairs[0] || first.right == 0;
  invariant named: for each id in pairs: id in pairs => pairs[id].left != none;
  invariant shares: for each p, a in grid: for each id in numbers:
    grid[p][a] >= 0 && (numbers[id] > 0 - 5 => 7 / (numbers[id] + 5) >= 0) && pairs[grid[p][a]].right >= 0;
  transition on: phase == old(phase) || old(phase) == Phase.idle && now > 3;
  intent act(signer from: Account, optional to: Account, who: Account, k: Int, a: Amount, p: Phase, flag: Bool) {
    let old_pair = pairs[k];
    guard {
      flag || 10 / a > 2; k != 0 => 7 % k < 3; old_pair == first; min(a, 3) < max(k, 2);
      !seen[sha256(Mark { who: who, at: k + 1 })] && !seen[sha256(Other { who: who, at: 1 })];
      a >= 5;
    }
    effect {
      pairs[k] = Pair { left: from, right: a };
      pairs[k].right = abs(k); first = if flag then pairs[k] else old_pair; first.left = who;
      phase = p; grid[p][a] = n; n += 1; numbers[k] += 2; numbers[k + 1] = numbers[k]; total += a;
      assert numbers[k] >= old(numbers[k]);
      emit Mark { who: who, at: k + 1 };
      seen[sha256(k)] = true;
    }
    verify { let same = pairs[k]; same.left == from; (sum(v in numbers: v * 2)) == total; }
  }
}`,
  `contract money {
  asset SHARE issuer self;
  asset GOLD issuer "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
  state {
    claim (balance[GOLD]) unless slash owed: map[Account] Amount; debt unless slash due: map[Account] Amount;
    claim shares: map[Account] Amount; held: Amount; spare: Amount;
  }
  invariant gold: vault.balance[GOLD] == sum(o in owed: o) + held + spare;
  invariant own: supply[SHARE] == sum(s in shares: s);
  invariant tops: for each a in owed: owed[a] <= 1000 && (owed[a] > 0 => due[a] == 0);
  intent put(signer from: Account, optional to: Account, n: Amount) {
    guard { from.balance[GOLD] >= n; to != from || n > 3; }
    effect {
      from.balance[GOLD] -= n; vault.balance[GOLD] += n; owed[to] += n; due[from] += n;
      supply[SHARE] += n; shares[to] += n; to.balance[SHARE] += n;
    }
  }
  intent slash(a: Account, n: Amount) {
    guard { owed[a] >= n; } effect { owed[a] -= n; held += n; }
  }
  intent take(signer a: Account, n: Amount) {
    guard { owed[a] >= n; }
    effect { owed[a] -= n; vault.balance[GOLD] -= n; a.balance[GOLD] += n; }
  }
  exit out: for each a in owed: owed[a] > 0 keeping owed[a] in balance[GOLD] via take(a, owed[a]) by a;
  exit unsigned: for each a in owed: owed[a] > 9 keeping 1 in balance[GOLD] via take(a, owed[a]) to a;
}`,
  `contract claims {
  record Deal { owner: Account; amount: Amount; t: Int; }
  record Cheque { deal: Int; amount: Amount; }
  state { deals: map[Int] Deal; rows: map[Account][Int] Amount; king: Account; heir: Account; pot: Amount; spare: Amount; t: Int; }
  invariant solvent: vault.balance == sum(d in deals: d.amount) + (if t > 0 then pot else 0) + spare;
  invariant row: for each a, n in rows: rows[a][n] <= sum(v in rows[a]: v);
  invariant keyed: sum(v at a, n in rows: if n > 1 then v else 0) <= 100;
  intent move(signer from: Account, k: Int, l: Int, to: Account, n: Amount, s: Signature) {
    let d = deals[k];
    guard { d.amount >= n; signed_message(d.owner, Cheque { deal: k, amount: n }, s); }
    effect {
      deals[k].amount -= n; deals[l].amount += n; deals[l].owner = to; deals[k].t = now + 50;
      rows[from][k] += n; rows[to][l] = 1; pot = n;
    }
    verify { sum(v in rows[to]: v) >= 1; }
  }
  intent pay(k: Int, to: Account) {
    let d = deals[k];
    guard { now > d.t; }
    effect { deals[k].amount = 0; vault.balance -= d.amount; to.balance += d.amount; }
  }
  intent crown(signer by: Account) {
    guard { now > t; by == king; }
    effect { let p = pot; pot = 0; vault.balance -= p; by.balance += p; t = now + 5; king = by; }
  }
  exit out: for each id in deals: deals[id].amount > 0 keeping deals[id].amount after deals[id].t within 100 unless move via pay(id, deals[id].owner) to deals[id].owner;
  exit also: for each a, n in rows: rows[a][n] > 0 keeping rows[a][n] after n within 9 via pay(n, a) to a;
  intent note(k: Int, who: Account) { effect { t = k; } }
  exit heirless: for each id in deals: deals[id].amount > 5 after 3 via note(id, heir) to deals[id].owner;
  exit rule: king != none after t within 10 via crown(king) by king;
  exit pool: pot > 0 keeping pot after 7 via crown(king) by king;
}`,
];
