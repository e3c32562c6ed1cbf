/** Source text of one intent of the standard library. Genesis publishes and proves each of them. */
export interface StandardIntent {
  /** File name in `library/` without its extension. */
  readonly name: string;
  /** Whether it writes stake, so that only genesis may publish it. */
  readonly privileged: boolean;
  readonly source: string;
}

/**
 * Returns the standard library, in the order of names. This module contains the texts of
 * `library/*.ae`, because a published package and a browser do not have those files. A test writes
 * the module (`vitest -u`).
 */
export function standardIntents(): readonly StandardIntent[] {
  return sources;
}

const sources: readonly StandardIntent[] = [
  {
    name: "capped-donation",
    privileged: false,
    source: `# Gives at most what fills the receiver up to the goal, and never more than the donor has.
intent capped_donation(signer donor: Account, cause: Account, offered: Amount, goal: Amount) {
  guard {
    donor != cause;
    offered > 0;
    cause.balance < goal;
    donor.balance > 0;
  }
  effect {
    let given = min(min(offered, donor.balance), goal - cause.balance);
    donor.balance -= given;
    cause.balance += given;
  }
  verify {
    given > 0;
    given <= offered;
    cause.balance <= goal;
    cause.balance == old(cause.balance) + given;
    donor.balance == old(donor.balance) - given;
  }
}
`,
  },
  {
    name: "fee-transfer",
    privileged: false,
    source: `# A transfer of which a collector gets one percent, rounded down, at least one unit.
const FEE_PERCENT = 1;
const FEE_MINIMUM = 1;

intent fee_transfer(signer from: Account, to: Account, collector: Account, amount: Amount) {
  guard {
    amount > 0;
    let fee = max(FEE_MINIMUM, amount * FEE_PERCENT / 100);
    from.balance >= amount + fee;
    from != to && from != collector;
  }
  effect {
    from.balance -= amount + fee;
    to.balance += amount;
    collector.balance += fee;
  }
  verify {
    amount > 0;
    # The tariff without a division: the only whole number that these three allow.
    fee >= FEE_MINIMUM;
    fee == FEE_MINIMUM || 100 * fee <= amount * FEE_PERCENT;
    100 * (fee + 1) > amount * FEE_PERCENT;
    from.balance == old(from.balance) - amount - fee;
    to != collector => to.balance == old(to.balance) + amount;
    to != collector => collector.balance == old(collector.balance) + fee;
    to == collector => to.balance == old(to.balance) + amount + fee;
  }
}
`,
  },
  {
    name: "payroll",
    privileged: false,
    source: `# Pays four employees in one step: all of them, or none.
intent payroll(
  signer employer: Account,
  first: Account, second: Account, third: Account, fourth: Account,
  pay_first: Amount, pay_second: Amount, pay_third: Amount, pay_fourth: Amount
) {
  guard {
    let total = pay_first + pay_second + pay_third + pay_fourth;
    total > 0;
    employer.balance >= total;
    employer != first && employer != second && employer != third && employer != fourth;
  }
  effect {
    employer.balance -= total;
    first.balance += pay_first;
    second.balance += pay_second;
    third.balance += pay_third;
    fourth.balance += pay_fourth;
  }
  verify {
    employer.balance == old(employer.balance) - total;
    first.balance >= old(first.balance) + pay_first;
    second.balance >= old(second.balance) + pay_second;
    third.balance >= old(third.balance) + pay_third;
    fourth.balance >= old(fourth.balance) + pay_fourth;
    first != second && first != third && first != fourth
      => first.balance == old(first.balance) + pay_first;
  }
}
`,
  },
  {
    name: "split-payment",
    privileged: false,
    source: `# One payment in two parts: the first receiver gets share of it, the second the rest.
intent split_payment(
  signer payer: Account, first: Account, second: Account, amount: Amount, share: Amount
) {
  guard {
    amount > 0;
    share <= amount;
    payer.balance >= amount;
    payer != first && payer != second;
  }
  effect {
    payer.balance -= amount;
    first.balance += share;
    second.balance += amount - share;
  }
  verify {
    payer.balance == old(payer.balance) - amount;
    first != second => first.balance == old(first.balance) + share;
    first != second => second.balance == old(second.balance) + amount - share;
    first == second => first.balance == old(first.balance) + amount;
  }
}
`,
  },
  {
    name: "stake",
    privileged: true,
    source: `# Turns an account's balance into its stake. Writes stake, so it is for the genesis list only.
intent stake(signer validator: Account, amount: Amount) {
  guard {
    amount > 0;
    validator.balance >= amount;
  }
  effect {
    validator.balance -= amount;
    validator.stake += amount;
  }
  verify {
    validator.balance == old(validator.balance) - amount;
    validator.stake == old(validator.stake) + amount;
  }
}
`,
  },
  {
    name: "swap",
    privileged: false,
    source: `# Two parties pay each other at once, or not at all. Both sign.
intent swap(signer left: Account, signer right: Account, give: Amount, take: Amount) {
  guard {
    left != right;
    give > 0 || take > 0;
    left.balance >= give;
    right.balance >= take;
  }
  effect {
    let net = give - take;
    left.balance -= net;
    right.balance += net;
  }
  verify {
    left.balance == old(left.balance) - give + take;
    right.balance == old(right.balance) - take + give;
  }
}
`,
  },
  {
    name: "transfer",
    privileged: false,
    source: `# Moves an amount from an account that signs to any account, itself included.
intent transfer(signer from: Account, to: Account, amount: Amount) {
  guard {
    amount > 0;
    from.balance >= amount;
  }
  effect {
    from.balance -= amount;
    to.balance += amount;
  }
  verify {
    from != to => from.balance == old(from.balance) - amount;
    from != to => to.balance == old(to.balance) + amount;
    from == to => from.balance == old(from.balance);
  }
}
`,
  },
  {
    name: "unstake",
    privileged: true,
    source: `# Turns stake back into balance. Writes stake, so it is for the genesis list only.
intent unstake(signer validator: Account, amount: Amount) {
  guard {
    amount > 0;
    validator.stake >= amount;
  }
  effect {
    validator.stake -= amount;
    validator.balance += amount;
  }
  verify {
    validator.stake == old(validator.stake) - amount;
    validator.balance == old(validator.balance) + amount;
  }
}
`,
  },
];
