import {
  type AccountId,
  indexOfValidator,
  powerOf,
  toHex,
  type ValidatorSet,
} from "@aethel/models";
import type { Checker, Observation } from "./checker.ts";

type Applied = Extract<Observation, { readonly type: "applied" }>;

/**
 * Checks requirement R2.5: once the network works, a proof that is in the mempools of honest nodes
 * with more than two thirds of the power gets into one of the next `boundBlocks` blocks. The
 * leaders of so many sequences cannot all be faulty.
 */
export function createInclusionChecker(options: {
  /** Ids of the validators that run the nodes, by index of the node. */
  readonly names: readonly AccountId[];
  readonly firstSet: ValidatorSet;
  readonly boundBlocks: number;
}): Checker {
  const { names, boundBlocks } = options;
  const known = new Map<string, Set<number>>();
  const final = new Set<string>();
  /** Last sequence up to which each proof must be in a block. */
  const due = new Map<string, number>();
  let set = options.firstSet;
  let highest = 0;
  let isGood = false;
  const isDemanded = (proof: string): boolean => isKnownToQuorum(known.get(proof), names, set);
  const demand = (proof: string): void => {
    if (!isGood || final.has(proof) || due.has(proof)) return;
    if (isDemanded(proof)) due.set(proof, highest + boundBlocks);
  };
  const onApplied = ({ finalized, head }: Applied): string | undefined => {
    for (const proof of finalized.block.items.map(({ hash }) => toHex(hash))) {
      final.add(proof);
      known.delete(proof);
      due.delete(proof);
    }
    const { sequence } = finalized.block.header;
    if (sequence <= highest) return undefined;
    highest = sequence;
    set = head.validators;
    const late = [...due].find(([, last]) => last < sequence);
    if (late === undefined) return undefined;
    return `${late[0].slice(0, 8)} is in no block up to ${sequence}, and more than two thirds have known it for ${boundBlocks} blocks`;
  };
  return {
    name: "inclusion",
    healed: () => {
      isGood = true;
      for (const proof of known.keys()) demand(proof);
    },
    observe: (observation) => {
      switch (observation.type) {
        case "known": {
          const { node, proof } = observation;
          if (final.has(proof)) return undefined;
          known.set(proof, (known.get(proof) ?? new Set()).add(node));
          demand(proof);
          return undefined;
        }
        case "dropped": {
          const { node, proof } = observation;
          known.get(proof)?.delete(node);
          if (!isDemanded(proof)) due.delete(proof);
          return undefined;
        }
        case "opened":
          // Mempools are in memory: a node that starts again knows no proof.
          for (const nodes of known.values()) nodes.delete(observation.node);
          return undefined;
        case "applied":
          return onApplied(observation);
        default:
          return undefined;
      }
    },
  };
}

/** Returns whether the validators of these nodes have more than two thirds of the power. */
function isKnownToQuorum(
  nodes: ReadonlySet<number> | undefined,
  names: readonly AccountId[],
  set: ValidatorSet,
): boolean {
  const indices = [...(nodes ?? [])].flatMap((node) => {
    const name = names[node];
    const index = name === undefined ? undefined : indexOfValidator(set, name);
    return index === undefined ? [] : [index];
  });
  return powerOf(set, indices) * 3n > set.totalPower * 2n;
}
