/** Contract that worlds have in their genesis. The Judge's verdict on it is in `verdict-table.ts`. */
export interface SampleContract {
  readonly name: string;
  readonly source: string;
}

/**
 * Contracts that worlds call: coupons of an own asset, deals with a deadline whose cells are deleted
 * in the end, and purses with claims, a map with two keys and events. All of them are proved.
 */
export const SAMPLE_CONTRACTS: readonly SampleContract[] = [
  {
    name: "coupons",
    source: `contract coupons {
  asset COUPON issuer self;

  state {
    sold: Int = 0;
  }

  invariant backed: vault.balance == supply[COUPON];
  invariant count: sold >= 0 && sold < 1_000_000_000_000;

  intent buy(signer from: Account, amount: Amount) {
    guard {
      amount > 0;
      from.balance >= amount;
      from.balance[COUPON] + amount <= 18_446_744_073_709_551_615;
      sold < 999_999_999_999;
    }
    effect {
      from.balance -= amount;
      vault.balance += amount;
      supply[COUPON] += amount;
      from.balance[COUPON] += amount;
      sold += 1;
    }
  }

  intent redeem(signer owner: Account, to: Account, amount: Amount) {
    guard {
      owner.balance[COUPON] >= amount;
    }
    effect {
      owner.balance[COUPON] -= amount;
      supply[COUPON] -= amount;
      vault.balance -= amount;
      to.balance += amount;
    }
  }

  uncovered balance "who holds a coupon redeems it";
}`,
  },
  {
    name: "deals",
    source: `contract deals {
  enum Phase { empty, open, paid, returned }

  record Deal {
    payer: Account;
    payee: Account;
    amount: Amount;
    due: Int;
    phase: Phase;
  }

  state {
    deals: map[Int] Deal;
    next: Int = 0;
  }

  invariant held: vault.balance == sum(d in deals: if d.phase == Phase.open then d.amount else 0);
  invariant fresh: for each id in deals: deals[id].phase != Phase.empty => id < next;
  invariant named: for each id in deals:
    deals[id].phase == Phase.open => deals[id].payer != none && deals[id].payee != none;
  transition onward: for each id in deals:
    old(deals[id]).phase != Phase.empty && deals[id].phase != Phase.empty =>
      deals[id].amount == old(deals[id]).amount;

  intent open_deal(signer payer: Account, payee: Account, amount: Amount, due: Int) {
    let id = next;
    guard {
      amount > 0;
      next < 1_000_000_000_000;
      payer.balance >= amount;
      due <= now + 1_000_000;
    }
    effect {
      payer.balance -= amount;
      vault.balance += amount;
      deals[id] = Deal { payer: payer, payee: payee, amount: amount, due: due, phase: Phase.open };
      next += 1;
    }
  }

  intent pay(id: Int) {
    let deal = deals[id];
    guard {
      deal.phase == Phase.open;
      signed(deal.payer);
    }
    effect {
      vault.balance -= deal.amount;
      deal.payee.balance += deal.amount;
      deals[id].phase = Phase.paid;
    }
  }

  intent give_back(id: Int) {
    let deal = deals[id];
    guard {
      deal.phase == Phase.open;
      now > deal.due;
    }
    effect {
      vault.balance -= deal.amount;
      deal.payer.balance += deal.amount;
      deals[id].phase = Phase.returned;
    }
  }

  intent sweep(id: Int) {
    guard {
      deals[id].phase == Phase.paid || deals[id].phase == Phase.returned;
    }
    effect {
      delete deals[id];
    }
  }

  exit back: for each id in deals: deals[id].phase == Phase.open keeping deals[id].amount
    after deals[id].due within 1_000_000 via give_back(id) to deals[id].payer;
}`,
  },
  {
    name: "purses",
    source: `contract purses {
  record Moved {
    from: Account;
    amount: Amount;
  }

  state {
    claim savings: map[Account] Amount;
    marks: map[Account][Int] Bool;
    total: Amount = 0;
  }

  invariant held: vault.balance == sum(s in savings: s);
  invariant counted: total == vault.balance;
  invariant nobody: for each a in savings: savings[a] > 0 => a != none;

  intent put(signer owner: Account, amount: Amount) {
    guard {
      amount > 0;
      owner.balance >= amount;
    }
    effect {
      owner.balance -= amount;
      vault.balance += amount;
      savings[owner] += amount;
      total += amount;
    }
  }

  intent take(signer owner: Account, amount: Amount) {
    guard {
      savings[owner] >= amount;
    }
    effect {
      savings[owner] -= amount;
      vault.balance -= amount;
      total -= amount;
      owner.balance += amount;
    }
  }

  intent move(signer from: Account, to: Account, amount: Amount) {
    guard {
      amount > 0;
      savings[from] >= amount;
    }
    effect {
      savings[from] -= amount;
      savings[to] += amount;
      emit Moved { from: from, amount: amount };
    }
  }

  intent mark(signer owner: Account, at: Int) {
    effect {
      marks[owner][at] = !marks[owner][at];
    }
  }

  exit out: for each a in savings: savings[a] > 0 keeping savings[a] via take(a, savings[a]) by a;
}`,
  },
];
