import {
  blockDigest,
  equalBytes,
  toHex,
  toSequence,
  toView,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import { leaderOf } from "@aethel/pbft";
import type { Checker } from "./checker.ts";

/** Beyond this view everyone may have led. */
const VIEWS_MAX = 64;

/**
 * A block that honest nodes vote for, and one that becomes final, was proposed by someone who leads
 * its sequence in that view or an earlier one: nobody else gets to choose a block.
 */
export function createLeadershipChecker(firstSet: ValidatorSet): Checker {
  const sets = new Map<number, ValidatorSet>([[1, firstSet]]);
  const proposers = new Map<string, Uint8Array>();
  const isLeader = (
    proposer: Uint8Array,
    { sequence, view }: { readonly sequence: number; readonly view: number },
  ): boolean => {
    const set = sets.get(sequence);
    if (set === undefined || view > VIEWS_MAX) return true;
    return Array.from({ length: view + 1 }, (_, at) => at).some((at) => {
      const leader = validatorAt(set, leaderOf(set, toSequence(sequence), toView(at)));
      return leader !== undefined && equalBytes(leader.id, proposer);
    });
  };
  return {
    name: "leadership",
    observe: (observation) => {
      const { node, type } = observation;
      if (type === "verified") {
        const { header } = observation.block;
        proposers.set(toHex(blockDigest(header)), header.proposer);
      }
      if (type === "said" && observation.message.type === "prepare") {
        const { message } = observation;
        const proposer = proposers.get(toHex(message.digest));
        if (proposer === undefined || isLeader(proposer, message)) return undefined;
        return `node ${node} voted at sequence ${message.sequence} in view ${message.view} for a block of ${toHex(proposer).slice(0, 8)}, which leads none of these views`;
      }
      if (type !== "applied") return undefined;
      const { finalized, head } = observation;
      const { sequence, proposer } = finalized.block.header;
      if (!sets.has(sequence + 1)) sets.set(sequence + 1, head.validators);
      if (isLeader(proposer, finalized.certificate)) return undefined;
      return `node ${node} finalized at sequence ${sequence} a block of ${toHex(proposer).slice(0, 8)}, which leads no view up to ${finalized.certificate.view}`;
    },
  };
}
