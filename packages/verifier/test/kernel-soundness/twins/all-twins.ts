import { bitTwins } from "./bit-twins.ts";
import { clauseTwins } from "./clause-twins.ts";
import { numberTwins } from "./number-twins.ts";
import { stepTwins } from "./step-twins.ts";
import type { Twin } from "./twin.ts";

/** Every wrong twin of the kernel. */
export const twins: readonly Twin[] = [...clauseTwins, ...numberTwins, ...bitTwins, ...stepTwins];
