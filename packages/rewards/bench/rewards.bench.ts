/**
 * Cost of the economics for a block: dividing a reward, an epoch boundary, a proof's fee, a slash.
 * `npm run bench -- rewards`; some ten seconds. No other package known to us follows these rules,
 * so there is nothing to compare with.
 */
import { demandWork, interleave, medianOf, printFigure, printPlace, sized } from "@aethel/bench";
import {
  sha256,
  toAccountId,
  toAmount,
  toDifficulty,
  toResource,
  toValidatorIndex,
} from "@aethel/models";
import {
  admitPowerChanges,
  blockReward,
  DEFAULT_ECONOMICS,
  type PowerChange,
  requiredFee,
  scheduledSupply,
  shareReward,
  slashHeldStake,
  splitFee,
} from "@aethel/rewards";

const SIZES = [4, 100, 1_000, 10_000] as const;
/** Votes that one timed run pays for, the same for all sizes of sets. */
const VOTES = sized(200_000, 10_000);

printPlace("Rewards");
await benchRewards();
await benchBoundaries();
await benchProofs();

/** Unequal stakes, up to a million tokens, the same in each run. */
function stakeOf(at: number): bigint {
  return 1_000_000_000n + BigInt((at * 7_919) % 999_983) * 1_000_000n;
}

async function benchRewards(): Promise<void> {
  const block = { totalDifficulty: toDifficulty(7_654_321), minted: toAmount(10n ** 14n) };
  const subjects = SIZES.map((size) => {
    const signers = Array.from({ length: size }, (_, at) => ({
      index: toValidatorIndex(at),
      power: stakeOf(at),
    }));
    const totalPower = signers.reduce((sum, { power }) => sum + power, 0n);
    const run = (): void => {
      for (let left = VOTES; left > 0; left -= size) {
        const span = { fromMs: 1_000 * left, untilMs: 1_000 * left + 1_000 };
        const reward = blockReward({ ...block, span }, DEFAULT_ECONOMICS);
        const { shares } = shareReward({ reward, signers, totalPower }, DEFAULT_ECONOMICS);
        demandWork("shares of a reward", shares.length, size);
      }
    };
    return { name: `${size}`, run };
  });
  const timings = await interleave(subjects, { rounds: 15, budgetMilliseconds: 12_000 });
  for (const size of SIZES) {
    const each = medianOf(timings, `${size}`) / Math.ceil(VOTES / size);
    const name = `rewards divided, ${size.toLocaleString("en-US")} validators, all sign`;
    printFigure({ name, value: `${perSecond(each)} blocks/s` });
    printFigure({ name: "  for each vote", value: `${((each * 1e6) / size).toFixed(0)} ns` });
  }
}

async function benchBoundaries(): Promise<void> {
  const sizes = SIZES.filter((size) => size >= 100);
  const subjects = sizes.map((size) => {
    const changes: readonly PowerChange[] = Array.from({ length: size }, (_, at) => ({
      validator: toAccountId(sha256(Uint8Array.of(at & 0xff, at >> 8))),
      from: stakeOf(at),
      to: stakeOf(at + 1),
    }));
    const totalPower = changes.reduce((sum, { from }) => sum + from, 0n);
    const run = (): void => {
      for (let left = VOTES; left > 0; left -= size) {
        const { admitted } = admitPowerChanges({ totalPower, changes });
        demandWork("admitted changes", admitted.length);
      }
    };
    return { name: `${size}`, run };
  });
  const timings = await interleave(subjects, { rounds: 15, budgetMilliseconds: 8_000 });
  for (const size of sizes) {
    const each = medianOf(timings, `${size}`) / Math.ceil(VOTES / size);
    const name = `epoch boundary at which all of ${size.toLocaleString("en-US")} change`;
    printFigure({ name, value: `${(each * 1_000).toFixed(0)} µs` });
  }
}

async function benchProofs(): Promise<void> {
  const count = sized(20_000, 200);
  const unbonding = Array.from({ length: 64 }, (_, at) => toAmount(stakeOf(at)));
  const held = { bonded: toAmount(10n ** 12n), unbonding, kind: "double-vote" as const };
  const work = {
    fee: (at: number): unknown => {
      const claim = { difficulty: toDifficulty(at), resource: toResource(at), bytes: 400 };
      const fee = requiredFee({ ...claim, cap: toAmount(10n ** 7n) }, DEFAULT_ECONOMICS);
      return splitFee(fee, DEFAULT_ECONOMICS);
    },
    slash: (): unknown => slashHeldStake(held, DEFAULT_ECONOMICS),
    schedule: (at: number): unknown => scheduledSupply(4_000_000_000_000 + at, DEFAULT_ECONOMICS),
  };
  const names = { fee: "fee of a proof, split", slash: "slash, 64 entries that unbond" };
  const subjects = (["fee", "slash", "schedule"] as const).map((name) => ({
    name,
    run: (): void => {
      for (let at = 0; at < count; at++) work[name](at);
    },
  }));
  const timings = await interleave(subjects, { rounds: 15, budgetMilliseconds: 6_000 });
  for (const { name } of subjects) {
    const label = name === "schedule" ? "scheduled supply after 64 eras" : names[name];
    printFigure({ name: label, value: `${perSecond(medianOf(timings, name) / count)}/s` });
  }
}

function perSecond(milliseconds: number): string {
  return Math.round(1_000 / milliseconds).toLocaleString("en-US");
}
