import { kernelModules } from "../attacks/all-attacks.ts";
import { loadChecker } from "../hostile/checker.ts";
import { createRandom } from "../oracle/random.ts";
import { certificateOfPlan, claimOf, nextPlan, type Plan } from "./dear-certificate.ts";

/**
 * Searches for the certificate that takes the kernel longest; by hand, on a quiet machine:
 * `node --conditions=@aethel/source test/kernel-soundness/bounds/search.ts SEED PLANS`.
 *
 * Time is that of the processor, the least of some runs, without that of the obligation itself.
 */
const [seed = "1", count = "500"] = process.argv.slice(2);
const checker = await loadChecker(kernelModules);
const random = createRandom(`dear ${seed}`);

interface Measured {
  readonly plan: Plan;
  readonly milliseconds: number;
  readonly answer: string;
  readonly bytes: number;
}

const empty = new Map<string, number>();
const best: Measured[] = [];
for (let at = 0; at < Number(count); at++) {
  const from =
    best.length > 3 && random.percent(80) ? random.pick(best.slice(0, 12)).plan : undefined;
  const measured = measure(nextPlan(random, from));
  if (measured === undefined) continue;
  best.push(measured);
  best.sort((left, right) => right.milliseconds - left.milliseconds);
  best.length = Math.min(best.length, 60);
  if (best[0] === measured) console.log(at, JSON.stringify(measured));
}
const seen = new Set<string>();
for (const one of best) {
  const kind = `${one.plan.ground}, ${one.plan.filling}`;
  if (seen.has(kind)) continue;
  seen.add(kind);
  console.log(kind, one.milliseconds.toFixed(1), one.answer, one.bytes, one.plan.numbers.join());
}

function measure(plan: Plan): Measured | undefined {
  const claim = claimOf(plan.ground);
  const certificate = certificateOfPlan(checker, plan);
  const without =
    empty.get(plan.ground) ?? least(() => checker.certify(claim, Uint8Array.of(1)), 7);
  empty.set(plan.ground, without);
  const first = least(() => checker.certify(claim, certificate), 1);
  if (first - without < (best[11]?.milliseconds ?? 0) * 0.7) return undefined;
  const milliseconds = least(() => checker.certify(claim, certificate), 7) - without;
  const answer = checker.certify(claim, certificate);
  return { plan, milliseconds, answer: JSON.stringify(answer), bytes: certificate.length };
}

function least(run: () => unknown, times: number): number {
  let shortest = Infinity;
  for (let time = 0; time < times; time++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    shortest = Math.min(shortest, (user + system) / 1_000);
  }
  return shortest;
}
