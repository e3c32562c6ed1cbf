import { createMeter, kernelLimits, type Meter } from "../../kernel/limits.ts";
import { type Budget, spend } from "./budget.ts";

/** Kernel units that count as one step of the search. A unit takes up to 10 ns. */
const unitsOfStep = 100;

/**
 * Returns a meter, which counts the kernel's work, with the kernel's own limits. The prover uses it
 * for building the clauses of the claim and for writing the certificate.
 */
export function createPaidMeter(): Meter {
  return createMeter(kernelLimits);
}

/**
 * Does work by the kernel's code, such as adding clauses. Counts the work as steps of the search,
 * and limits it to the steps that are left. Work of kind `kernel's` is repeated when the
 * certificate is checked, so it must also keep within the kernel's own limits. Work of kind
 * `search's` (atoms and instances that only the search makes) has no such limit.
 */
export function payFor<Result>(
  budget: Budget,
  meter: Meter,
  work: () => Result,
  kind: "kernel's" | "search's" = "kernel's",
): Result {
  const before = meter.spent;
  const left = before + unitsOfStep * Math.max(0, budget.limits.stepsMax - budget.steps);
  meter.allowed = kind === "search's" ? left : Math.min(left, meter.limits[meter.phase]);
  try {
    return work();
  } finally {
    spend(budget, Math.ceil((meter.spent - before) / unitsOfStep));
  }
}
