/** What became of all mutants of one intent; `AETHEL_SLOW=1` counts again. */
export interface Score {
  readonly intent: string;
  /** Of the program: guards, effects, signers. */
  readonly refuted: number;
  readonly undecided: number;
  readonly harmless: number;
  readonly survived: number;
  /** Of the claims in `verify`. */
  readonly claimsRefuted: number;
  readonly claimsTrue: number;
}

/** As counted when this was last changed. */
export const scores: readonly Score[] = [
  {
    intent: "capped_donation",
    refuted: 58,
    undecided: 0,
    harmless: 2,
    survived: 0,
    claimsRefuted: 30,
    claimsTrue: 9,
  },
  {
    intent: "fee_transfer",
    refuted: 50,
    undecided: 0,
    harmless: 6,
    survived: 17,
    claimsRefuted: 61,
    claimsTrue: 15,
  },
  {
    intent: "payroll",
    refuted: 87,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 73,
    claimsTrue: 17,
  },
  {
    intent: "split_payment",
    refuted: 55,
    undecided: 0,
    harmless: 10,
    survived: 0,
    claimsRefuted: 59,
    claimsTrue: 13,
  },
  {
    intent: "stake",
    refuted: 18,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 16,
    claimsTrue: 4,
  },
  {
    intent: "swap",
    refuted: 40,
    undecided: 0,
    harmless: 19,
    survived: 0,
    claimsRefuted: 32,
    claimsTrue: 4,
  },
  {
    intent: "transfer",
    refuted: 22,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 34,
    claimsTrue: 13,
  },
  {
    intent: "unstake",
    refuted: 18,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 16,
    claimsTrue: 4,
  },
  {
    intent: "burn_gold",
    refuted: 14,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 14,
    claimsTrue: 4,
  },
  {
    intent: "hand_over",
    refuted: 21,
    undecided: 0,
    harmless: 2,
    survived: 0,
    claimsRefuted: 13,
    claimsTrue: 4,
  },
  {
    intent: "pay",
    refuted: 21,
    undecided: 0,
    harmless: 2,
    survived: 0,
    claimsRefuted: 13,
    claimsTrue: 4,
  },
  {
    intent: "issue_gold",
    refuted: 16,
    undecided: 0,
    harmless: 8,
    survived: 0,
    claimsRefuted: 14,
    claimsTrue: 4,
  },
  {
    intent: "swap_assets",
    refuted: 69,
    undecided: 0,
    harmless: 6,
    survived: 0,
    claimsRefuted: 56,
    claimsTrue: 17,
  },
  {
    intent: "transfer_gold",
    refuted: 22,
    undecided: 0,
    harmless: 7,
    survived: 0,
    claimsRefuted: 34,
    claimsTrue: 13,
  },
];

/** Why each mutant that is valid and does something else is no failure of the Judge. */
export const survivors: readonly {
  readonly intent: string;
  readonly change: string;
  readonly why: string;
}[] = [
  {
    intent: "fee_transfer",
    change: "guard `amount > 0` dropped",
    why: "a transfer of nothing then costs the least fee of 1, which the signer pays; no claim forbids it",
  },
  {
    intent: "fee_transfer",
    change: "guard `amount > 0` negated",
    why: "it then runs for an amount of 0 only: the signer pays the least fee of 1",
  },
  {
    intent: "fee_transfer",
    change: "in `amount > 0`: `amount > 0` made `amount >= 0`",
    why: "the same as without the guard: a transfer of nothing costs the least fee",
  },
  {
    intent: "fee_transfer",
    change: "in `amount > 0`: `amount` made `amount + 1`",
    why: "always true, so the same as without the guard",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `max(1, amount * 1 / 100)` made `1`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: always 1",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `1` made `2`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: at least 2",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1 / 100` made `amount * 1 * 100`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: a hundred times the amount, if the balance bears it",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1 / 100` made `amount * 1 % 100`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: the remainder",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1 / 100` made `amount * 1`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: as much as the amount",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1 / 100` made `100`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: 100 flat",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1` made `amount + 1`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: rounded from one unit more",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount * 1` made `1`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: 1 / 100 is 0, so always the least fee of 1",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `amount` made `amount + 1`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: rounded from one unit more",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `1` made `2` (2)",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: two percent",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `1` made `0` (2)",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: no percent, so the least fee of 1",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `100` made `101`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: one part in 101",
  },
  {
    intent: "fee_transfer",
    change: "in `max(1, amount * 1 / 100)`: `100` made `99`",
    why: "`verify` says of the fee only that it is at least 1 and comes out of the payer's balance; the payer signs. So this is another tariff: one part in 99",
  },
];
