import { createMeter, kernelLimits, type Meter } from "../../kernel/limits.ts";
import { type Budget, spend } from "./budget.ts";

/** Kernel units in one step of the search; a unit takes up to 10 ns. */
const unitsOfStep = 100;

/**
 * Returns a meter of the kernel with the kernel's own limits, for the claim and for what is
 * written.
 */
export function createPaidMeter(): Meter {
  return createMeter(kernelLimits);
}

/**
 * Does work of the kernel within the steps that are left, and counts it. Of the kernel's limits
 * those hold that its check will have too: atoms and instances of the search have none.
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
