import { assert } from "@aethel/models";
import { TestkitError } from "../errors.ts";
import type { Random } from "../random.ts";
import type { Strategy } from "./behaviour/strategy.ts";
import { censor } from "./strategies/censorship.ts";
import {
  doubleProposer,
  doubleVoter,
  equivocatingLeader,
  tripleVoter,
} from "./strategies/equivocation.ts";
import { requestExchanger } from "./strategies/exchanged-requests.ts";
import { falseCertifier, falseProver } from "./strategies/false-claims.ts";
import { forgedHistory } from "./strategies/forged-history.ts";
import { forgedJustification, usurper } from "./strategies/forged-new-views.ts";
import { impersonator } from "./strategies/impersonation.ts";
import {
  credulous,
  falseLeader,
  impostor,
  orphaner,
  timeTraveller,
  wrongDifficulty,
} from "./strategies/invalid-work.ts";
import { itemForger, miser, nameless } from "./strategies/items.ts";
import { flooding, garbage, replaying } from "./strategies/noise.ts";
import { delayedVotes, deserter, selectiveSender, silent } from "./strategies/silence.ts";
import { forgetful, restless } from "./strategies/view-changes.ts";
import { stingy, withholder } from "./strategies/withholding.ts";
import { TIMING_STRATEGIES } from "./timing/named-plans.ts";

/**
 * Strategies that spoil the items of proposals. All Byzantine nodes of a world follow the same one
 * of these, or none of them.
 */
export const ITEM_STRATEGIES: readonly Strategy[] = [nameless, miser, itemForger];

/** Strategies that are drawn for each node separately. */
const DRAWN: readonly Strategy[] = [
  silent,
  equivocatingLeader,
  doubleVoter,
  selectiveSender,
  impersonator,
  garbage,
  replaying,
  delayedVotes,
  deserter,
  restless,
  forgetful,
  credulous,
  falseLeader,
  wrongDifficulty,
  timeTraveller,
  orphaner,
  impostor,
  withholder,
  stingy,
  flooding,
  forgedJustification,
  usurper,
  forgedHistory,
  falseProver,
  censor,
  tripleVoter,
  doubleProposer,
  falseCertifier,
  ...TIMING_STRATEGIES,
];

/**
 * Strategies that all Byzantine nodes of a world follow together, or none of them. They are drawn
 * apart from the others, so that a seed without them gives the same world as before they existed.
 */
export const JOINT_STRATEGIES: readonly Strategy[] = [requestExchanger];

/** All strategies of Byzantine nodes. */
export const STRATEGIES: readonly Strategy[] = [...DRAWN, ...ITEM_STRATEGIES, ...JOINT_STRATEGIES];

const SILENT_RATE = 0.1;
const ATTACK_RATE = 0.4;
const ATTACKS: readonly (readonly Strategy[])[] = [
  [equivocatingLeader, doubleVoter],
  [equivocatingLeader, doubleVoter, forgetful],
  [forgedJustification],
  [forgedJustification, doubleVoter],
  [usurper],
  [forgedHistory],
];
const LEDGER_RATE = 0.4;
const LEDGER_ATTACKS: readonly (readonly Strategy[])[] = [
  [falseProver],
  [falseProver, tripleVoter],
  [falseProver, equivocatingLeader, doubleVoter],
  [censor],
  [censor, falseProver],
  [tripleVoter],
  [doubleProposer, falseProver],
  [falseCertifier],
  [falseProver, falseCertifier],
];

/**
 * Returns the strategy with a name.
 * @throws TestkitError `CONFIG` if there is none
 */
export function strategyNamed(name: string): Strategy {
  const found = STRATEGIES.find((strategy) => strategy.name === name);
  if (found !== undefined) return found;
  const known = STRATEGIES.map((strategy) => strategy.name).join(", ");
  throw new TestkitError({
    code: "CONFIG",
    problems: [`strategies: there is no "${name}"; there are ${known}`],
  });
}

/**
 * Draws one to three strategies, in a random order. Often they are a fixed combination that makes
 * one attack, otherwise independent ones. `silent` is drawn alone, because a silent node does
 * nothing else.
 */
export function drawStrategies(random: Random, application: string): readonly Strategy[] {
  const hasLedger = application === "ledger" || application === "contracts";
  if (hasLedger && random.chance(LEDGER_RATE)) return random.pick(LEDGER_ATTACKS);
  if (random.chance(SILENT_RATE)) return [silent];
  if (random.chance(ATTACK_RATE)) return random.pick(ATTACKS);
  const others = DRAWN.filter(
    ({ name, isOfLedger }) => name !== silent.name && (hasLedger || isOfLedger !== true),
  );
  const drawn = random.shuffle(others).slice(0, 1 + random.below(3));
  assert(drawn.length > 0, "a Byzantine node has a strategy");
  return drawn;
}
