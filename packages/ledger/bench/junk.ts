import { demandWork } from "@aethel/bench";
import { type Amount, toAmount, toResource } from "@aethel/models";
import { feeFor } from "@aethel/rewards";
import type { Judge, Judgement } from "@aethel/verifier";
import { PARAMETERS } from "./chain.ts";

/** Proof that makes a validator work, with its charge. */
export interface Junk {
  readonly name: string;
  /** A script that no cache knows. */
  readonly script: (at: number) => string;
  readonly resourceLimit: number;
  /** Charge of a block for it after the Judge's answer; 0 if no block holds it. */
  readonly charged: (judgement: Judgement, bytes: number) => Amount;
}

/** Judge milliseconds that one micro-token of fees buys, by kind. */
export interface JunkCost {
  readonly name: string;
  readonly millisecondsEach: number;
  readonly feeEach: number;
  readonly rounds: number;
}

const LIMIT = 200_000;

const workFee = (judgement: Judgement, bytes: number): Amount => {
  if (judgement.type !== "judged") return toAmount(0n);
  const used = judgement.verdict === "unknown" ? LIMIT : Math.min(judgement.resource, LIMIT);
  return feeFor({ resource: toResource(used + PARAMETERS.judgingUnits), bytes }, PARAMETERS);
};

const multiply = (bits: number, product: string): string =>
  [
    "(set-logic QF_BV)",
    ...["x", "y"].map((name) => `(declare-const ${name} (_ BitVec ${bits}))`),
    ...["x", "y"].map((name) => `(assert (bvult ${name} (_ bv16777216 ${bits})))`),
    ...["x", "y"].map((name) => `(assert (bvugt ${name} (_ bv1 ${bits})))`),
    `(assert (= (bvmul x y) (_ bv${product} ${bits})))`,
    "(check-sat)",
  ].join("\n");

/** Every kind of junk that passes the checks before the Judge. */
export const JUNK: readonly Junk[] = [
  {
    name: "a false claim that is refuted at once",
    script: (at) => `(declare-const x Int)\n(assert (> x ${at}))\n(check-sat)\n`,
    resourceLimit: LIMIT,
    charged: workFee,
  },
  {
    name: "a claim too hard for its limit (unknown: all of it is paid)",
    script: (at) => `; ${at}\n${multiply(48, "140737488355213")}\n`,
    resourceLimit: LIMIT,
    charged: workFee,
  },
  {
    name: "a true claim of no worth",
    script: (at) =>
      `(declare-const x Int)\n(assert (> x ${at}))\n(assert (< x ${at + 1}))\n(check-sat)\n`,
    resourceLimit: LIMIT,
    charged: workFee,
  },
  {
    name: "a long claim full of what screening has to read (64 KiB)",
    script: (at) =>
      `(declare-const p${at} Bool)\n${`(assert (or p${at} (not p${at})))\n`.repeat(1_700)}(assert (not (= p${at} p${at})))\n(check-sat)\n`,
    resourceLimit: LIMIT,
    charged: workFee,
  },
  {
    name: "text that screening rejects (short): free, 8 for each account and block",
    script: (at) => `(declare-const x Int)\n(assert (> x ${at})\n`,
    resourceLimit: LIMIT,
    charged: () => toAmount(0n),
  },
  {
    name: "text that screening rejects at its end (64 KiB): free, 8 likewise",
    script: (at) =>
      `(declare-const p${at} Bool)\n${`(assert (or p${at} (not p${at})))\n`.repeat(1_700)}(exit)\n`,
    resourceLimit: LIMIT,
    charged: () => toAmount(0n),
  },
];

/**
 * Has the Judge look at some of each kind, in turns, and adds up what it took and what it costs.
 */
export async function measureJunk(judge: Judge, rounds: number): Promise<readonly JunkCost[]> {
  const sums = JUNK.map(({ name }) => ({ name, answers: 0, milliseconds: 0, fee: 0n }));
  for (let round = 0; round <= rounds; round++) {
    for (const [at, junk] of JUNK.entries()) {
      const script = new TextEncoder().encode(junk.script(1_000 + round));
      const resourceLimit = toResource(junk.resourceLimit);
      const judgement = await judge.check({ type: "theorem", script }, { resourceLimit });
      const sum = sums[at];
      if (round === 0 || sum === undefined || judgement.type === "abstained") continue;
      sum.answers += 1;
      sum.milliseconds += judgement.milliseconds;
      sum.fee += junk.charged(judgement, script.length + ENVELOPE_BYTES);
    }
  }
  for (const { name, answers } of sums) demandWork(`${name}, judged`, answers, rounds);
  return sums.map(({ name, milliseconds, fee }) => ({
    name,
    millisecondsEach: milliseconds / rounds,
    feeEach: Number(fee) / rounds,
    rounds,
  }));
}

/** Bytes of a theorem's encoding beside its script. */
const ENVELOPE_BYTES = 180;
