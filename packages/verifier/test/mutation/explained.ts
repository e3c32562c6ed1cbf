/** Counts of one intent's mutants by their fate; `AETHEL_SLOW=1` counts again. */
export interface Score {
  readonly intent: string;
  /** Mutants of the program: guards, effects, signers. */
  readonly refuted: number;
  readonly undecided: number;
  readonly harmless: number;
  readonly survived: number;
  /** Mutants of the claims in `verify`. */
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
    refuted: 67,
    undecided: 0,
    harmless: 6,
    survived: 0,
    claimsRefuted: 89,
    claimsTrue: 37,
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

/** Why each mutant that is valid and does something else is no failure of the Judge: none is. */
export const survivors: readonly {
  readonly intent: string;
  readonly change: string;
  readonly why: string;
}[] = [];
