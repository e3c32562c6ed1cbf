import { createMeter, kernelLimits, type Meter } from "../../kernel/limits.ts";
import { type Budget, spend } from "./budget.ts";

/** Units of the kernel, of 10 ns where they are dearest, that make a step of the search. */
const unitsOfStep = 100;

/** Returns the kernel's own meter, whose limits hold for the claim and for what is written. */
export function createPaidMeter(): Meter {
  return createMeter(kernelLimits);
}

/**
 * Does work of the kernel within the steps that are left, and counts it. The kernel's own limit
 * holds for what the kernel will do, too: atoms and instances of the search have none.
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
