import { bitMutants } from "./bit-mutants.ts";
import { clauseMutants } from "./clause-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { numberMutants } from "./number-mutants.ts";
import { stepMutants } from "./step-mutants.ts";

/** Mutants of the kernel, equivalent ones included. */
export const mutants: readonly Mutant[] = [
  ...clauseMutants,
  ...numberMutants,
  ...bitMutants,
  ...stepMutants,
];
