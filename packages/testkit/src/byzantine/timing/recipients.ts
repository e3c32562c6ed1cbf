import { indexOfValidator, isQuorum, toHex } from "@aethel/models";
import type { PeerName } from "@aethel/pbft";
import type { StrategyContext } from "../behaviour/strategy.ts";
import type { SendRule } from "./timing-plan.ts";

/** Returns whether a rule applies to this honest node at this sequence. */
export function isMeant(
  context: StrategyContext,
  rule: SendRule,
  place: { readonly to: PeerName; readonly sequence: number },
): boolean {
  const { to: which = "all", order = "fixed" } = rule;
  if (which === "all") return true;
  const honest = inOrder(context, order === "turning" ? place.sequence : 0);
  const at = honest.findIndex((peer) => toHex(peer) === toHex(place.to));
  return at < countOf(context, which, honest);
}

/**
 * Returns the rival: the honest node that a plan can work against. It is the first honest node in
 * the fixed order. Undefined if there is none.
 */
export function rivalOf(context: StrategyContext): PeerName | undefined {
  return inOrder(context, 0)[0];
}

function inOrder(context: StrategyContext, turn: number): readonly PeerName[] {
  const { others, isAccomplice } = context;
  const honest = others.filter((peer) => !isAccomplice(peer));
  const from = honest.length === 0 ? 0 : turn % honest.length;
  return [...honest.slice(from), ...honest.slice(0, from)];
}

function countOf(
  context: StrategyContext,
  which: Exclude<SendRule["to"], "all" | undefined>,
  honest: readonly PeerName[],
): number {
  switch (which) {
    case "one":
      return 1;
    case "half":
      return Math.ceil(honest.length / 2);
    case "enough":
      return enough(context, honest);
    case "short":
      return enough(context, honest) - 1;
  }
}

/**
 * Returns how many honest nodes, counted from the first, make a quorum together with all Byzantine
 * nodes.
 */
function enough(context: StrategyContext, honest: readonly PeerName[]): number {
  const { validators: set } = context.head();
  const powerOf = (peer: PeerName): bigint => {
    const index = indexOfValidator(set, peer);
    return (index === undefined ? undefined : set.validators[index]?.power) ?? 0n;
  };
  let power = set.totalPower - honest.reduce((sum, peer) => sum + powerOf(peer), 0n);
  for (const [at, peer] of honest.entries()) {
    power += powerOf(peer);
    if (isQuorum(power, set)) return at + 1;
  }
  return honest.length;
}
