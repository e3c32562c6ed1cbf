import { toAmount, toDifficulty, toResource, toValidatorIndex } from "@aethel/models";
import {
  blockReward,
  DEFAULT_ECONOMICS,
  emissionCap,
  requiredFee,
  shareReward,
  splitFee,
} from "@aethel/rewards";

const span = { fromMs: 0, untilMs: 1_000 };
// Three of four equal validators signed for a block of difficulty 40,000, a second after genesis.
const reward = blockReward(
  {
    span,
    totalDifficulty: toDifficulty(40_000),
    minted: toAmount(0n),
  },
  DEFAULT_ECONOMICS,
);
const signers = [0, 1, 2].map((index) => ({ index: toValidatorIndex(index), power: 25n }));
const divided = shareReward({ reward, signers, totalPower: 100n }, DEFAULT_ECONOMICS);

// What its author paid, and what of it left the supply.
const fee = requiredFee(
  {
    difficulty: toDifficulty(40_000),
    cap: emissionCap(span, DEFAULT_ECONOMICS),
    resource: toResource(9_000),
    bytes: 800,
  },
  DEFAULT_ECONOMICS,
);

/** What happened to the supply in this block, in micro-tokens. */
export const summary = {
  reward,
  shares: divided.shares.map(({ amount }) => amount), // 9500n each: 95 % of 40000n, a quarter
  bonus: divided.bonus, // 529n: 9 of the 34 units of power above two thirds, of 2000n
  unminted: divided.unminted, // the absent validator's share, and dust
  burned: splitFee(fee, DEFAULT_ECONOMICS).burned, // more than 40 % of the reward
};
