/** A theorem that worlds submit, with the limit under which it was judged. */
export interface SampleTheorem {
  readonly script: string;
  readonly resourceLimit: number;
}

const USUAL_LIMIT = 1_000_000;

/** Too little for any solver run: the verdict is `unknown`, and all of the limit is paid. */
const TINY_LIMIT = 1_000;

/** Claims of four kinds, true, false and too hard; `verdict-table.ts` says what the Judge said. */
export const SAMPLE_THEOREMS: readonly SampleTheorem[] = Array.from({ length: 24 }, (_, at) => {
  switch (at % 6) {
    case 0:
    case 1:
      return { script: noNumberBetween(at), resourceLimit: USUAL_LIMIT };
    case 2:
    case 3:
      return { script: maskedBits(at), resourceLimit: USUAL_LIMIT };
    case 4:
      return { script: pigeons(7), resourceLimit: TINY_LIMIT - at };
    default:
      return { script: falseClaim(at), resourceLimit: USUAL_LIMIT };
  }
});

/** There is no integer strictly between two neighbours. */
function noNumberBetween(at: number): string {
  return lines(
    "(set-logic QF_LIA)",
    "(declare-const x Int)",
    `(assert (> x ${at}))`,
    `(assert (< x ${at + 1}))`,
  );
}

/** What a mask leaves is never above the mask. */
function maskedBits(at: number): string {
  return lines(
    "(set-logic QF_BV)",
    "(declare-const x (_ BitVec 16))",
    `(assert (bvugt (bvand x (_ bv${at * 37} 16)) (_ bv${at * 37} 16)))`,
  );
}

/** One more pigeon than holes. */
function pigeons(holes: number): string {
  const pigeon = Array.from({ length: holes + 1 }, (_, at) => at);
  const hole = Array.from({ length: holes }, (_, at) => at);
  return lines(
    "(set-logic QF_UF)",
    ...pigeon.flatMap((p) => hole.map((h) => `(declare-const p${p}h${h} Bool)`)),
    ...pigeon.map((p) => `(assert (or ${hole.map((h) => `p${p}h${h}`).join(" ")}))`),
    ...hole.flatMap((h) =>
      pigeon.flatMap((p) =>
        pigeon.filter((q) => q > p).map((q) => `(assert (not (and p${p}h${h} p${q}h${h})))`),
      ),
    ),
  );
}

/** Claims that no integer is above a bound. */
function falseClaim(at: number): string {
  return lines("(set-logic QF_LIA)", "(declare-const x Int)", `(assert (> x ${at}))`);
}

function lines(...text: readonly string[]): string {
  return [...text, "(check-sat)", ""].join("\n");
}
