/**
 * Makes economics.json: inputs of the economics with what the package says of them. Amounts and
 * other integers are decimal strings. `node --conditions=@aethel/source test/vectors/make.ts`.
 */
import { writeFileSync } from "node:fs";
import { toAmount, toDifficulty, toResource, toValidatorIndex } from "@aethel/models";
import {
  blockReward,
  chargeOf,
  DEFAULT_ECONOMICS,
  difficultyOfExecution,
  type EconomicParameters,
  emissionCap,
  judgedUnits,
  type Lane,
  laneShare,
  nextBaseFee,
  scheduledSupply,
  shareReward,
  weightOf,
} from "@aethel/rewards";

const LIMITS = {
  blockBytesMax: 4_194_304,
  blockUnitsMax: toResource(8_000_000),
  blockResourceMax: toResource(320_000_000),
};

/** A chain on which every rounding shows. */
const ODD: EconomicParameters = {
  ...DEFAULT_ECONOMICS,
  baseReward: toAmount(999_983n),
  emissionPerSecond: toAmount(1_000_003n),
  halvingMs: 100_003,
  emissionTotal: toAmount(500_000_009n),
  proposerBonusBasisPoints: 333,
  burnBasisPoints: 4_567,
  resourcePrice: toAmount(777_777n),
  bytePrice: toAmount(1_111n),
  invokeDifficulty: toDifficulty(123_457),
  creationFee: toAmount(7_919n),
  statePrice: toAmount(3_331n),
  depositPrice: toAmount(97n),
};
const CHAINS = { default: DEFAULT_ECONOMICS, odd: ODD } as const;
type ChainName = keyof typeof CHAINS;
const NAMES = Object.keys(CHAINS) as readonly ChainName[];

const AGES = [0, 1, 999, 1_000, 59_999, 60_000, 100_002, 100_003, 100_004, 350_000, 10_000_000];
const SPANS = [1, 1_000, 1_001, 60_000, 75_000];

const emission = NAMES.flatMap((chain) =>
  AGES.flatMap((fromMs) =>
    SPANS.map((lasts) => {
      const untilMs = fromMs + lasts;
      return {
        chain,
        from: fromMs,
        until: untilMs,
        cap: emissionCap({ fromMs, untilMs }, CHAINS[chain]),
        schedule: scheduledSupply(untilMs, CHAINS[chain]),
      };
    }),
  ),
);

const SETS = [
  { powers: [1n, 1n, 1n, 1n], signed: [0, 1, 2], convicted: [] },
  { powers: [1n, 1n, 1n, 1n], signed: [0, 1, 2, 3], convicted: [3] },
  { powers: [40n, 30n, 20n, 11n], signed: [0, 1, 3], convicted: [] },
  { powers: [1_000_000_007n, 999_999_937n, 3n], signed: [0, 1], convicted: [] },
  { powers: [5n], signed: [0], convicted: [] },
] as const;

const rewards = NAMES.flatMap((chain) =>
  SETS.flatMap(({ powers, signed, convicted }) =>
    [0, 1, 40_000, 9_999_999, 80_000_000].map((difficulty) => {
      const span = { fromMs: 5_000, untilMs: 6_500 };
      const minted = toAmount(1_234n);
      const totalDifficulty = toDifficulty(difficulty);
      const reward = blockReward({ span, totalDifficulty, minted }, CHAINS[chain]);
      const totalPower = powers.reduce<bigint>((sum, power) => sum + power, 0n);
      const bad: readonly number[] = convicted;
      const signers = signed.map((at) => {
        const signer = { index: toValidatorIndex(at), power: powers[at] ?? 0n };
        return bad.includes(at) ? { ...signer, isConvicted: true as const } : signer;
      });
      const divided = shareReward({ reward, signers, totalPower }, CHAINS[chain]);
      return {
        chain,
        from: span.fromMs,
        until: span.untilMs,
        difficulty,
        minted,
        powers,
        signed,
        convicted,
        reward,
        shares: divided.shares.map(({ amount }) => amount),
        bonus: divided.bonus,
      };
    }),
  ),
);

const WORKS = [
  { lane: "invoke", bytes: 337, units: 2_671, judging: 0, run: 320, mints: true },
  { lane: "invoke", bytes: 3_112, units: 90_001, judging: 0, run: 60_000, mints: false },
  { lane: "judged", bytes: 812, units: 4_100, judging: 9_000, run: 40_000, mints: true },
  { lane: "judged", bytes: 65_617, units: 500_003, judging: 40_000_000, run: 0, mints: false },
  { lane: "judged", bytes: 1_000_001, units: 77, judging: 1, run: 90_000_000, mints: true },
] as const;
const PRICES = [
  { baseFee: 2_000n, tip: 0n, entries: 0, kept: 0 },
  { baseFee: 12_345_678n, tip: 333n, entries: 1, kept: 0 },
  { baseFee: 0n, tip: 1n, entries: 3, kept: 70_001 },
] as const;

/** Difficulty of a judged proof is given; that of a call follows from the units of its run. */
function mintingOf(work: (typeof WORKS)[number], economics: EconomicParameters): number {
  if (!work.mints) return 0;
  return work.lane === "invoke" ? difficultyOfExecution(toResource(work.run), economics) : work.run;
}

const charges = NAMES.flatMap((chain) =>
  WORKS.flatMap((work) =>
    PRICES.map((price) => {
      const economics = CHAINS[chain];
      const lane: Lane = work.lane;
      const difficulty = mintingOf(work, economics);
      const all = toResource(work.units + work.judging);
      const resource = lane === "judged" ? judgedUnits(all, economics) : toResource(work.units);
      const weight = weightOf(work, laneShare(lane, LIMITS));
      const [from, until] = [70_000, 71_500];
      const cap = emissionCap({ fromMs: from, untilMs: until }, economics);
      const minting = { difficulty: toDifficulty(difficulty), cap };
      const charge = chargeOf(
        {
          work: { resource, bytes: work.bytes, ...minting },
          weight,
          baseFee: toAmount(price.baseFee),
          tip: price.tip,
          growth: { entries: price.entries, bytes: price.kept },
        },
        economics,
      );
      const { bytes, units: execution, judging } = work;
      const { tip: tipPrice, ...other } = price;
      const given = { chain, lane, bytes, execution, judging, from, until, difficulty, ...other };
      return { ...given, tipPrice, weight, ...charge };
    }),
  ),
);

const baseFees = [0n, 1n, 7n, 2_000n, 12_345_678n, (1n << 40n) - 1n].flatMap((baseFee) =>
  [0n, 1n, 499_999_999n, 500_000_000n, 500_000_001n, 750_000_000n, 10n ** 9n, 3n * 10n ** 9n].map(
    (used) => {
      const floor = toAmount(5n);
      return {
        baseFee,
        used,
        floor,
        next: nextBaseFee({ baseFee: toAmount(baseFee), used, floor }),
      };
    },
  ),
);

/** Everything that the file holds; a test compares it with the file. */
export const vectors: Readonly<Record<string, unknown>> = {
  chains: Object.fromEntries(NAMES.map((name) => [name, { ...CHAINS[name], ...LIMITS }])),
  emission,
  rewards,
  charges,
  baseFees,
};

/** The text of the file. */
export function vectorText(): string {
  const plain = (_: string, value: unknown): unknown =>
    typeof value === "bigint" || typeof value === "number" ? String(value) : value;
  // One vector a line: a difference is read more easily than a file that is short.
  const sections = Object.entries(vectors).map(([name, section]) => {
    const rows = Array.isArray(section)
      ? `[\n${section.map((row) => `    ${JSON.stringify(row, plain)}`).join(",\n")}\n  ]`
      : JSON.stringify(section, plain, 2).replaceAll("\n", "\n  ");
    return `  ${JSON.stringify(name)}: ${rows}`;
  });
  return `{\n${sections.join(",\n")}\n}\n`;
}

if (import.meta.main) writeFileSync(new URL("economics.json", import.meta.url), vectorText());
