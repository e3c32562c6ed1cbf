import type { JudgePayload } from "@aethel/verifier/browser";

/** Sample with its title. */
export interface Sample {
  readonly name: string;
  readonly type: JudgePayload["type"];
  readonly text: string;
}

/** Samples in the list of the page. */
export const samples: readonly Sample[] = [
  {
    name: "transfer: is proved",
    type: "publish",
    text: `intent transfer(signer from: Account, to: Account, amount: Amount) {
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
    from == to => from.balance == old(from.balance);
  }
}
`,
  },
  {
    name: "steal: takes what nobody signed for",
    type: "publish",
    text: `intent steal(signer thief: Account, victim: Account, amount: Amount) {
  guard {
    victim.balance >= amount;
  }
  effect {
    victim.balance -= amount;
    thief.balance += amount;
  }
  verify {
    thief != victim => thief.balance == old(thief.balance) + amount;
  }
}
`,
  },
  {
    name: "mint: money from an account paying itself",
    type: "publish",
    text: `intent mint(signer from: Account, to: Account, amount: Amount) {
  guard {
    from.balance >= amount;
    to.balance + amount <= 1_000_000;
  }
  effect {
    let left = from.balance - amount;
    let right = to.balance + amount;
    from.balance = left;
    to.balance = right;
  }
  verify {
    to.balance == old(to.balance) + amount;
  }
}
`,
  },
  {
    name: "never: guards that contradict each other",
    type: "publish",
    text: `intent never(signer from: Account, amount: Amount) {
  guard {
    from.balance < amount;
    amount < 10;
    from.balance >= 10;
  }
  verify {
    amount > 0;
  }
}
`,
  },
  {
    name: "theorem: no midpoint overflows",
    type: "theorem",
    text: `; Claimed unsatisfiable: a midpoint outside its ends.
(declare-const low (_ BitVec 32))
(declare-const high (_ BitVec 32))
(define-fun middle () (_ BitVec 32)
  (bvadd (bvand low high) (bvlshr (bvxor low high) #x00000001)))
(assert (bvule low high))
(assert (not (and (bvule low middle) (bvule middle high))))
(check-sat)
`,
  },
];
