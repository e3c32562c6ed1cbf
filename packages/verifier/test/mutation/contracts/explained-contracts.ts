/** Counts of the mutants of one contract by their fate; `AETHEL_SLOW=1` counts again. */
export interface Score {
  readonly contract: string;
  readonly refuted: number;
  readonly undecided: number;
  readonly stricter: number;
  readonly survived: number;
}

/** Mutant that is valid, and why it may be. */
export interface Explained {
  readonly contract: string;
  readonly intent: string;
  readonly change: string;
  readonly why: string;
}

export const scores: readonly Score[] = [
  { contract: "allowance_token", refuted: 53, undecided: 0, stricter: 5, survived: 1 },
  { contract: "crowdfunding", refuted: 54, undecided: 1, stricter: 3, survived: 2 },
  { contract: "dutch_auction", refuted: 64, undecided: 2, stricter: 8, survived: 5 },
  { contract: "english_auction", refuted: 50, undecided: 1, stricter: 7, survived: 3 },
  { contract: "escrow", refuted: 61, undecided: 3, stricter: 6, survived: 3 },
  { contract: "exchange", refuted: 212, undecided: 20, stricter: 43, survived: 14 },
  { contract: "hash_locked_swap", refuted: 83, undecided: 3, stricter: 7, survived: 3 },
  { contract: "name_registry", refuted: 53, undecided: 1, stricter: 9, survived: 1 },
  { contract: "payment_channel", refuted: 68, undecided: 2, stricter: 6, survived: 3 },
  { contract: "share_vault", refuted: 73, undecided: 2, stricter: 7, survived: 4 },
  { contract: "subscription", refuted: 101, undecided: 1, stricter: 13, survived: 3 },
  { contract: "treasury", refuted: 55, undecided: 5, stricter: 6, survived: 7 },
  { contract: "vesting", refuted: 67, undecided: 1, stricter: 11, survived: 5 },
  { contract: "voting", refuted: 49, undecided: 3, stricter: 10, survived: 2 },
];

/** Mutants by contract, intent and reason. */
const explained: readonly (readonly [Omit<Explained, "change">, readonly string[]])[] = [
  [
    {
      contract: "allowance_token",
      intent: "mint",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    ["in guard `supplied + amount <= 1000000000000`: `1000000000000` made `1000000000001`"],
  ],
  [
    { contract: "crowdfunding", intent: "pledge", why: "a call with nothing moves nothing" },
    ["guard `amount > 0` dropped", "in guard `amount > 0`: `amount > 0` made `amount >= 0`"],
  ],
  [
    { contract: "dutch_auction", intent: "offer", why: "a call with nothing moves nothing" },
    ["guard `amount > 0` dropped", "in guard `amount > 0`: `amount > 0` made `amount >= 0`"],
  ],
  [
    {
      contract: "dutch_auction",
      intent: "offer",
      why: "what is stored to is 0 before, by the guards and the invariants",
    },
    ["`vault.balance[GOLD] += ...`: made `=`", "`lot = ...`: made `+=`"],
  ],
  [
    {
      contract: "dutch_auction",
      intent: "reclaim",
      why: "a second earlier the lot goes back to the seller all the same",
    },
    ["in guard `now > CLOSE`: `now > CLOSE` made `now >= CLOSE`"],
  ],
  [
    {
      contract: "english_auction",
      intent: "withdraw",
      why: "the tokens go to the bidder, whoever calls",
    },
    ["`bidder` need not sign"],
  ],
  [
    { contract: "english_auction", intent: "withdraw", why: "a call with nothing moves nothing" },
    ["guard `amount > 0` dropped", "in guard `amount > 0`: `amount > 0` made `amount >= 0`"],
  ],
  [
    {
      contract: "escrow",
      intent: "open",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000000`: `next < 1000000000000` made `next <= 1000000000000`",
      "in guard `next < 1000000000000`: `1000000000000` made `1000000000001`",
    ],
  ],
  [
    {
      contract: "escrow",
      intent: "open",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    {
      contract: "exchange",
      intent: "found",
      why: "what is stored to is 0 before, by the guards and the invariants",
    },
    [
      "`vault.balance += ...`: made `=`",
      "`vault.balance[GOLD] += ...`: made `=`",
      "`shares[provider] += ...`: made `=`",
      "`total += ...`: made `=`",
    ],
  ],
  [
    { contract: "exchange", intent: "leave", why: "a call with nothing moves nothing" },
    ["guard `burned > 0` dropped", "in guard `burned > 0`: `burned > 0` made `burned >= 0`"],
  ],
  [
    {
      contract: "exchange",
      intent: "dissolve",
      why: "who has all of no shares takes all of an empty pool",
    },
    ["guard `total > 0` dropped", "in guard `total > 0`: `total > 0` made `total >= 0`"],
  ],
  [
    {
      contract: "exchange",
      intent: "buy_gold",
      why: "stricter, by products that the prover does not compare: the trader pays more than the fee",
    },
    [
      "in guard `(1000 * vault.balance + 997 * tokens) * (vault.balance[GOLD] - gold) >= 1000 * vault.balance * vault.balance[GOLD]`: `1000 * vault.balance + 997 * tokens` made `1000 * vault.balance - 997 * tokens`",
      "in guard `(1000 * vault.balance + 997 * tokens) * (vault.balance[GOLD] - gold) >= 1000 * vault.balance * vault.balance[GOLD]`: `997` made `996`",
      "in guard `(1000 * vault.balance + 997 * tokens) * (vault.balance[GOLD] - gold) >= 1000 * vault.balance * vault.balance[GOLD]`: `1000` made `1001`",
    ],
  ],
  [
    {
      contract: "exchange",
      intent: "sell_gold",
      why: "stricter, by products that the prover does not compare: the trader pays more than the fee",
    },
    [
      "in guard `(1000 * vault.balance[GOLD] + 997 * gold) * (vault.balance - tokens) >= 1000 * vault.balance * vault.balance[GOLD]`: `1000 * vault.balance[GOLD] + 997 * gold` made `1000 * vault.balance[GOLD] - 997 * gold`",
      "in guard `(1000 * vault.balance[GOLD] + 997 * gold) * (vault.balance - tokens) >= 1000 * vault.balance * vault.balance[GOLD]`: `997` made `996`",
      "in guard `(1000 * vault.balance[GOLD] + 997 * gold) * (vault.balance - tokens) >= 1000 * vault.balance * vault.balance[GOLD]`: `1000` made `1001`",
    ],
  ],
  [
    {
      contract: "hash_locked_swap",
      intent: "lock",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000000`: `next < 1000000000000` made `next <= 1000000000000`",
      "in guard `next < 1000000000000`: `1000000000000` made `1000000000001`",
    ],
  ],
  [
    {
      contract: "hash_locked_swap",
      intent: "lock",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    {
      contract: "name_registry",
      intent: "hand_on",
      why: "the name is handed on to its owner, so nothing changes",
    },
    ["in guard `names[name].owner == owner`: `owner` made `to`"],
  ],
  [
    {
      contract: "payment_channel",
      intent: "open",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000000`: `next < 1000000000000` made `next <= 1000000000000`",
      "in guard `next < 1000000000000`: `1000000000000` made `1000000000001`",
    ],
  ],
  [
    {
      contract: "payment_channel",
      intent: "open",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    {
      contract: "share_vault",
      intent: "deposit",
      why: "a total is never negative, so it is the same",
    },
    ["in `minted`: `total == 0` made `total <= 0`"],
  ],
  [
    {
      contract: "share_vault",
      intent: "withdraw",
      why: "without shares no withdrawal passes the guards, so the value is never used",
    },
    ["in `amount`: `0` made `1`"],
  ],
  [
    {
      contract: "share_vault",
      intent: "add_yield",
      why: "a gift to a pot without shares is the giver's loss: `worth` speaks of pots with shares",
    },
    ["guard `total > 0` dropped", "in guard `total > 0`: `total > 0` made `total >= 0`"],
  ],
  [
    {
      contract: "subscription",
      intent: "subscribe",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000000`: `next < 1000000000000` made `next <= 1000000000000`",
      "in guard `next < 1000000000000`: `1000000000000` made `1000000000001`",
    ],
  ],
  [
    {
      contract: "subscription",
      intent: "subscribe",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    {
      contract: "treasury",
      intent: "deposit",
      why: "looser than the range of `received`, which is wider than that of an amount",
    },
    [
      "in guard `received + amount <= 18446744073709551615`: `received + amount` made `received - amount`",
      "in guard `received + amount <= 18446744073709551615`: `18446744073709551615` made `18446744073709551616`",
    ],
  ],
  [
    {
      contract: "treasury",
      intent: "propose",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000000`: `next < 1000000000000` made `next <= 1000000000000`",
      "in guard `next < 1000000000000`: `1000000000000` made `1000000000001`",
    ],
  ],
  [
    {
      contract: "treasury",
      intent: "propose",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    {
      contract: "treasury",
      intent: "approve",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `payments[id].approvals < 1000`: `payments[id].approvals < 1000` made `payments[id].approvals <= 1000`",
      "in guard `payments[id].approvals < 1000`: `1000` made `1001`",
    ],
  ],
  [
    {
      contract: "vesting",
      intent: "grant",
      why: "the bound only keeps a number in its range, and one more is in it too",
    },
    [
      "in guard `next < 1000000000`: `next < 1000000000` made `next <= 1000000000`",
      "in guard `next < 1000000000`: `1000000000` made `1000000001`",
    ],
  ],
  [
    { contract: "vesting", intent: "grant", why: "a call with nothing moves nothing" },
    ["guard `amount > 0` dropped", "in guard `amount > 0`: `amount > 0` made `amount >= 0`"],
  ],
  [
    {
      contract: "vesting",
      intent: "grant",
      why: "only that numbers are new matters, so some may be left out",
    },
    ["`next += ...`: `1` made `2`"],
  ],
  [
    { contract: "voting", intent: "vote", why: "a call with nothing moves nothing" },
    ["guard `amount > 0` dropped", "in guard `amount > 0`: `amount > 0` made `amount >= 0`"],
  ],
];

export const survivors: readonly Explained[] = explained.flatMap(([common, changes]) =>
  changes.map((change) => ({ ...common, change })),
);
