/**
 * Second implementation of the economics, written from `docs/fees-and-supply.md` alone. It imports
 * nothing and computes with bigints only. Its sections are those of the page.
 */
export type Parameters = Readonly<
  Record<
    | "baseReward"
    | "emissionPerSecond"
    | "halvingMs"
    | "emissionTotal"
    | "proposerBonusBasisPoints"
    | "burnBasisPoints"
    | "resourcePrice"
    | "bytePrice"
    | "judgingUnits"
    | "invokeDifficulty"
    | "creationFee"
    | "statePrice"
    | "blockBytesMax"
    | "blockUnitsMax"
    | "blockResourceMax"
    | "stateGrowthMax",
    bigint
  >
>;

const up = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
const min = (...all: readonly bigint[]): bigint => all.reduce((a, b) => (a < b ? a : b));
const max = (...all: readonly bigint[]): bigint => all.reduce((a, b) => (a > b ? a : b));

// 2. Emission
const rate = (e: bigint, p: Parameters): bigint => (e < 64n ? p.emissionPerSecond / 2n ** e : 0n);

export function issued(age: bigint, p: Parameters): bigint {
  let sum = 0n;
  for (let e = 0n, left = age; left > 0n && rate(e, p) > 0n; e += 1n, left -= p.halvingMs) {
    sum += rate(e, p) * min(left, p.halvingMs);
  }
  return sum / 1_000n;
}

export const schedule = (age: bigint, p: Parameters): bigint =>
  min(p.emissionTotal, issued(age, p));

export function cap(from: bigint, until: bigint, p: Parameters): bigint {
  const start = max(from, until - 60_000n);
  return start >= until ? 0n : min(p.emissionTotal, issued(until, p) - issued(start, p));
}

export const highestCap = (age: bigint, p: Parameters): bigint =>
  min(p.emissionTotal, up(rate(age / p.halvingMs, p) * 60_000n, 1_000n));

// 3. What mints
export const difficultyOfRun = (run: bigint, p: Parameters): bigint =>
  min(2n ** 53n - 1n, (p.invokeDifficulty * run) / 1_000_000n);

// 4. Reward, shares, bonus
export interface Paid {
  readonly from: bigint;
  readonly until: bigint;
  readonly difficulty: bigint;
  readonly minted: bigint;
  readonly total: bigint;
  readonly signers: readonly { readonly power: bigint; readonly convicted: boolean }[];
}

export interface Divided {
  readonly reward: bigint;
  readonly shares: readonly bigint[];
  readonly bonus: bigint;
}

export function reward(of: Paid, p: Parameters): Divided {
  const base = (p.baseReward * of.difficulty) / 1_000_000n;
  const whole = min(base, cap(of.from, of.until, p), p.emissionTotal - of.minted);
  const fund = (whole * p.proposerBonusBasisPoints) / 10_000n;
  const quorum = (2n * of.total) / 3n;
  const shares = of.signers.map(({ power, convicted }) =>
    convicted ? 0n : ((whole - fund) * power) / of.total,
  );
  const paid = of.signers.reduce((sum, s) => (s.convicted ? sum : sum + s.power), 0n);
  const bonus = (fund * max(0n, paid - quorum)) / (of.total - quorum);
  return { reward: whole, shares, bonus };
}

// 5. Weight and base fee
export interface Taken {
  readonly lane: "invoke" | "judged";
  readonly bytes: bigint;
  readonly execution: bigint;
  readonly judging: bigint;
}

export function weight(t: Taken, p: Parameters): bigint {
  const bytes = up(t.bytes * 10n ** 9n, p.blockBytesMax / 2n);
  const execution = up(t.execution * 10n ** 9n, p.blockUnitsMax / 2n);
  const judging = t.lane === "judged" ? up(t.judging * 10n ** 9n, p.blockResourceMax) : 0n;
  return max(bytes, execution, judging);
}

/**
 * Sums of the block resources that the proofs of a lane took. `opened`: execution units that the
 * block's evidence and certificate took.
 */
export interface Sums extends Taken {
  readonly growth: bigint;
  readonly opened: bigint;
}

export function use(t: Sums, p: Parameters): bigint {
  const left = max(p.blockUnitsMax - t.opened, p.blockUnitsMax / 2n);
  const execution = up(t.execution * 10n ** 9n, left / 2n);
  const growth = up(max(0n, t.growth) * 10n ** 9n, p.stateGrowthMax / 2n);
  return max(weight({ ...t, execution: 0n }, p), execution, growth);
}

export function baseFeeAfter(B: bigint, used: bigint, floor: bigint): bigint {
  const T = 5n * 10n ** 8n;
  const u = min(10n ** 9n, used);
  const risen = u > T ? B + max(1n, (B * (u - T)) / (8n * T)) : B;
  const moved = u < T ? (B * 8n * T) / (8n * T + T - u) : risen;
  return min(max(moved, floor), 2n ** 40n);
}

// 6. What a proof is charged
export interface Charged {
  readonly taken: Taken;
  readonly from: bigint;
  readonly until: bigint;
  readonly difficulty: bigint;
  readonly baseFee: bigint;
  readonly tip: bigint;
  readonly entries: bigint;
  readonly kept: bigint;
}

type Charge = Readonly<Record<"charged" | "burned" | "tip", bigint>>;

export function charge(c: Charged, p: Parameters): Charge {
  const { lane, bytes, execution, judging } = c.taken;
  const priced = lane === "judged" ? execution + judging + p.judgingUnits : execution;
  const work = up(
    priced * p.resourcePrice * 1_024n + bytes * p.bytePrice * 1_000_000n,
    1_024n * 1_000_000n,
  );
  const m = min(up(p.baseReward * c.difficulty, 1_000_000n), cap(c.from, c.until, p));
  const leastBurn = c.difficulty === 0n ? 0n : up(m * 4_000n, 10_000n) + 2n;
  const required = max(work, up(leastBurn * 10_000n, p.burnBasisPoints));
  const base = up(c.baseFee * weight(c.taken, p), 1_000_000n);
  const core = max(required, base);
  const tip = up(c.tip * weight(c.taken, p), 1_000_000n);
  const state = c.entries * p.creationFee + up(c.kept * p.statePrice, 1_024n);
  const burned = max((core * p.burnBasisPoints) / 10_000n, base) + state;
  return { charged: core + tip + state, burned, tip };
}

// 10. Slashes
export const firstSlash = (held: bigint, basisPoints: bigint): bigint =>
  (held * basisPoints) / 10_000n;

export const shareOf = (power: bigint, total: bigint): bigint =>
  min(2n ** 96n, (2n ** 96n * power) / total);

export const raisedTo = (first: bigint, stake: bigint, sum: bigint): bigint =>
  max(first, min(stake, (3n * stake * sum) / 2n ** 96n));

/**
 * Takes an amount from bonded stake first, then from the unbonding entries. Returns what is left of
 * both.
 */
export function taken(
  bonded: bigint,
  entries: readonly bigint[],
  owed: bigint,
): readonly [bigint, readonly bigint[]] {
  let left = max(0n, owed - bonded);
  const rest = entries.map((entry) => {
    const kept = max(0n, entry - left);
    left -= entry - kept;
    return kept;
  });
  return [max(0n, bonded - owed), rest];
}
