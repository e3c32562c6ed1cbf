import { toAmount, toDifficulty, toResource, toValidatorIndex } from "@aethel/models";
import {
  blockReward,
  chargeOf,
  DEFAULT_ECONOMICS,
  emissionCap,
  NO_GROWTH,
  shareReward,
} from "@aethel/rewards";

const span = { fromMs: 0, untilMs: 1_000 };
// Three of four equal validators signed for a block of difficulty 40,000, a second after genesis.
const reward = blockReward(
  { span, totalDifficulty: toDifficulty(40_000), minted: toAmount(0n) },
  DEFAULT_ECONOMICS,
);
const signers = [0, 1, 2].map((index) => ({ index: toValidatorIndex(index), power: 25n }));
const divided = shareReward({ reward, signers, totalPower: 100n }, DEFAULT_ECONOMICS);

// What its author paid: the price of its work or the base fee, a tip, and nothing for state.
const work = {
  difficulty: toDifficulty(40_000),
  cap: emissionCap(span, DEFAULT_ECONOMICS),
  resource: toResource(9_000),
  bytes: 800,
};
const charge = chargeOf(
  { work, weight: 1_000_000n, baseFee: toAmount(10_000n), tip: toAmount(500n), growth: NO_GROWTH },
  DEFAULT_ECONOMICS,
);

/** Changes of the supply by this block, in micro-tokens. */
export const summary = {
  reward,
  shares: divided.shares.map(({ amount }) => amount), // 9500n each: 95 % of 40000n, a quarter
  bonus: divided.bonus, // 529n: 9 of the 34 units of power above two thirds, of 2000n
  unminted: divided.unminted, // the absent validator's share, and dust
  burned: charge.burned, // more than 40 % of the reward
  tip: charge.tip, // 500n, for a million units of weight: the proposer's
};
