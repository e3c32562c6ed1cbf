import { assert } from "@aethel/models";
import { TestkitError } from "../errors.ts";
import type { Random } from "../world/random.ts";
import { doubleVoter, equivocatingLeader } from "./equivocation.ts";
import { impersonator } from "./impersonation.ts";
import { credulous, falseLeader } from "./invalid-work.ts";
import { garbage, replaying } from "./noise.ts";
import { delayedVotes, selectiveSender, silent } from "./silence.ts";
import type { Strategy } from "./strategy.ts";
import { forgetful, restless } from "./view-changes.ts";

/** Every strategy that there is, by name. */
export const STRATEGIES: readonly Strategy[] = [
  silent,
  equivocatingLeader,
  doubleVoter,
  selectiveSender,
  impersonator,
  garbage,
  replaying,
  delayedVotes,
  restless,
  forgetful,
  credulous,
  falseLeader,
];

/** @throws TestkitError `CONFIG` if there is no strategy of that name. */
export function strategyNamed(name: string): Strategy {
  const found = STRATEGIES.find((strategy) => strategy.name === name);
  if (found !== undefined) return found;
  const known = STRATEGIES.map((strategy) => strategy.name).join(", ");
  throw new TestkitError({
    code: "CONFIG",
    problems: [`strategies: there is no "${name}"; there are ${known}`],
  });
}

/** One to three strategies that go together; the order in which they apply is drawn too. */
export function drawStrategies(random: Random): readonly Strategy[] {
  const drawn = random.shuffle(STRATEGIES).slice(0, 1 + random.below(3));
  assert(drawn.length > 0, "a Byzantine node has a strategy");
  return drawn;
}
