import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createJudge, type Judge, type Judgement } from "../../src/index.ts";
import { outcome, quick, theorem } from "./fixtures.ts";

const slow = process.env["AETHEL_SLOW"] === "1";
const heapBytesMax = 256 * 2 ** 20;
const watchdogMilliseconds = slow ? 5_000 : 1_000;

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({
    workers: 2,
    limits: { watchdogMilliseconds, heapBytesMax },
  });
}, 240_000);
afterAll(async () => await judge.close());

const times = (count: number, piece: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => piece(at)).join("");

/**
 * Assertions that hold in some model whatever the size, each made to cost much of something: depth,
 * bignums, bit width, expansion, pairs, instances, memory, search.
 */
const burdens: readonly ((size: number) => string)[] = [
  (size) => `(assert ${"(not ".repeat(2 * size)}true${")".repeat(2 * size)})`,
  (size) => `(declare-const n Int)(assert (> n ${"9".repeat(size)}))`,
  (size) =>
    `(declare-const m Int)(assert (= m ${times(size % 60, () => "(* m ")}1${times(size % 60, () => ")")}))`,
  (size) => `(declare-const v (_ BitVec ${size + 1}))(assert (= (bvmul v v) (bvmul v v)))`,
  (
    size,
  ) => `(declare-const w (_ BitVec ${(size % 64) + 2}))(declare-const u (_ BitVec ${(size % 64) + 2}))
    (assert (= (bvmul w u) (bvadd w u)))`,
  (size) =>
    `${times(size % 40, (at) => `(define-fun f${at} ((a Int)) Int ${at === 0 ? "(+ a a)" : `(f${at - 1} (f${at - 1} a))`})`)}(assert true)`,
  (size) =>
    `(declare-const l Int)(assert (= l l ${times(size % 200, (at) => `(let ((a${at} (* l l)))`)}l${")".repeat(size % 200)}))`,
  (size) =>
    `${times((size % 400) + 2, (at) => `(declare-const d${at} Int)`)}(assert (distinct ${times((size % 400) + 2, (at) => `d${at} `)}))`,
  () =>
    "(declare-fun g (Int) Int)(assert (forall ((i Int)) (! (> (g (g (+ i 1))) (g i)) :pattern ((g i)))))",
  () =>
    "(declare-fun h (Int) Int)(assert (forall ((i Int)) (! (< (h i) (h (+ i 1))) :pattern ((h i)))))(assert (> (h 1) (h 0)))",
  (size) => `(declare-const s String)(assert (> (str.len s) ${size * 100}))`,
  (size) =>
    `(declare-const t String)(assert (str.in_re t ((_ re.loop 0 ${size % 300}) (re.* (str.to_re "ab")))))`,
  (size) => `(declare-const x Int)(declare-const y Int)(declare-const z Int)
    (assert (= (+ (* x x x) (* y y y)) (+ (* z z z) ${size % 3})))`,
  (size) =>
    `(declare-const b (Array Int Int))(assert (= (select ${times(size, () => "(store ")}b${times(size, (at) => ` ${at} ${at})`)} 0) 0))`,
  (size) => `(declare-const r Real)(assert (> (^ r ${(size % 90) + 1}) 1.0))`,
  (size) => `(declare-datatypes ((T 0)) (((leaf) (node (left T) (right T)))))(declare-const k T)
    (assert (not (= k ${"(node ".repeat(size % 500)}leaf${" leaf)".repeat(size % 500)})))`,
  (size) =>
    `(declare-const p Float64)(declare-const q Float64)(assert (fp.lt (fp.div RNE p q) (fp.mul RNE p q)))(assert (= ${size} ${size}))`,
];

/** Additions by which a submitter might try to make a satisfiable script unsatisfiable. */
const tricks = fc.constantFrom(
  "",
  "(set-option :rlimit 0)",
  "(set-option :timeout 1)",
  '(echo "unsat")',
  "(declare-const unsat Bool)(assert unsat)",
  "(set-info :status unsat)",
  "(assert (! true :named false))",
  "(push 1)",
  "(exit)",
  "(reset)",
);

const script = fc
  .record({
    chosen: fc.uniqueArray(fc.nat({ max: burdens.length - 1 }), { minLength: 1, maxLength: 2 }),
    size: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 3_000 })),
    trick: tricks,
  })
  .map(({ chosen, size, trick }) => {
    const assertions = chosen.map((at) => burdens[at]?.(size) ?? "");
    return `${trick}${assertions.join("\n")}(check-sat)`;
  });

/** A busy machine may take longer for an easy proof than this test's short watchdog waits. */
async function patient(text: string): Promise<Judgement> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const judgement = await judge.check(theorem(text));
    if (judgement.type !== "abstained") return judgement;
  }
  return await judge.check(theorem(text));
}

test("nothing hostile and satisfiable is valid, hangs, grows without bound or spoils the next proof", async () => {
  let round = 0;
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(script, async (text) => {
      round++;
      const begun = performance.now();
      const [hostile, next] = await Promise.all([
        judge.check(theorem(text), { resourceLimit: 2_000_000 }),
        patient(`; ${round}\n${quick}`),
      ]);
      const after = await patient(`; after ${round}\n${quick}`);

      seen.set(outcome(hostile), (seen.get(outcome(hostile)) ?? 0) + 1);
      expect(["refuted", "unknown", "rejected", "abstained"]).toContain(outcome(hostile));
      expect([outcome(next), outcome(after)]).toEqual(["valid", "valid"]);
      // The watchdogs, and the starting of threads on a busy machine.
      expect(performance.now() - begun).toBeLessThan(watchdogMilliseconds + 60_000);
      for (const bytes of judge.statistics().heapBytes) {
        expect(bytes).toBeLessThanOrEqual(heapBytesMax);
      }
    }),
    { numRuns: slow ? 500 : 25, endOnFailure: true },
  );

  expect(seen.size).toBeGreaterThan(1);
}, 3_600_000);
