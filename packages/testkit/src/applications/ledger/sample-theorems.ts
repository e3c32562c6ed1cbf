/** A theorem that worlds submit, and the resource limit under which it is judged. */
export interface SampleTheorem {
  readonly script: string;
  readonly resourceLimit: number;
}

const USUAL_LIMIT = 1_000_000;

/**
 * Limit that is too small for a hard claim: the verdict is `unknown`, and all of the limit is used.
 */
const TINY_LIMIT = 20_000;

/**
 * Theorems of four kinds: true and certified, true by the solver alone, false, and too hard. The
 * Judge's verdicts on them are in `verdict-table.ts`.
 */
export const SAMPLE_THEOREMS: readonly SampleTheorem[] = Array.from({ length: 24 }, (_, at) => {
  switch (at % 6) {
    case 0:
    case 1:
      return { script: noNumberBetween(at), resourceLimit: USUAL_LIMIT };
    case 2:
      return { script: maskedBits(at), resourceLimit: USUAL_LIMIT };
    case 3:
      return { script: noShorterText(at), resourceLimit: USUAL_LIMIT };
    case 4:
      return { script: noFactors(), resourceLimit: TINY_LIMIT - at };
    default:
      return { script: falseClaim(at), resourceLimit: USUAL_LIMIT };
  }
});

/** Returns a script which claims that no integer is strictly between two neighbours. */
function noNumberBetween(at: number): string {
  return lines(
    "(set-logic QF_LIA)",
    "(declare-const x Int)",
    `(assert (> x ${at}))`,
    `(assert (< x ${at + 1}))`,
  );
}

/** Returns a script which claims that masked bits are never above the mask. */
function maskedBits(at: number): string {
  return lines(
    "(set-logic QF_BV)",
    "(declare-const x (_ BitVec 16))",
    `(assert (bvugt (bvand x (_ bv${at * 37} 16)) (_ bv${at * 37} 16)))`,
  );
}

/**
 * Returns a script which claims that no text has a negative length. The kernel knows nothing of
 * texts, so only the solver confirms it.
 */
function noShorterText(at: number): string {
  return lines(
    "(set-logic QF_SLIA)",
    "(declare-const s String)",
    `(assert (< (+ (str.len s) ${at}) ${at}))`,
  );
}

/**
 * Returns a script which claims that a large prime has no factors. A solver needs much work for it.
 */
function noFactors(): string {
  return lines(
    "(set-logic QF_BV)",
    "(declare-const x (_ BitVec 48))",
    "(declare-const y (_ BitVec 48))",
    "(assert (bvult x (_ bv16777216 48)))",
    "(assert (bvult y (_ bv16777216 48)))",
    "(assert (bvugt x (_ bv1 48)))",
    "(assert (bvugt y (_ bv1 48)))",
    "(assert (= (bvmul x y) (_ bv140737488355213 48)))",
  );
}

/** Returns a script with the false claim that no integer is above a bound. */
function falseClaim(at: number): string {
  return lines("(set-logic QF_LIA)", "(declare-const x Int)", `(assert (> x ${at}))`);
}

function lines(...text: readonly string[]): string {
  return [...text, "(check-sat)", ""].join("\n");
}
