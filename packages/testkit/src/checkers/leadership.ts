import {
  blockDigest,
  equalBytes,
  leaderOf,
  toHex,
  toSequence,
  toView,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import { type ApplicationHead, hashLeadership, leaderAt, leadershipAfter } from "@aethel/pbft";
import type { Checker } from "./checker.ts";

/** Highest view that is checked. In later views the checker takes every validator for a leader. */
const VIEWS_MAX = 64;

/**
 * Checks that each block was proposed by the leader of this view or of an earlier view of the
 * sequence. Blocks are checked when honest nodes vote for them and when they become final. The
 * record of leaders determines who leads; it must be the one that the headers commit to.
 */
export function createLeadershipChecker(firstSet: ValidatorSet): Checker {
  const heads = new Map<number, ApplicationHead>();
  const proposers = new Map<string, Uint8Array>();
  const leaderIn = (sequence: number, view: number): Uint8Array | undefined => {
    const [at, within] = [toSequence(sequence), toView(view)] as const;
    if (sequence === 1) return validatorAt(firstSet, leaderOf(firstSet, at, within))?.id;
    const head = heads.get(sequence - 1);
    if (head === undefined) return undefined;
    return validatorAt(head.validators, leaderAt({ head, sequence: at }, within))?.id;
  };
  const isLeader = (
    proposer: Uint8Array,
    { sequence, view }: { readonly sequence: number; readonly view: number },
  ): boolean => {
    const isKnown = sequence === 1 || heads.has(sequence - 1);
    if (!isKnown || view > VIEWS_MAX) return true;
    return Array.from({ length: view + 1 }, (_, at) => at).some((at) => {
      const leader = leaderIn(sequence, at);
      return leader !== undefined && equalBytes(leader, proposer);
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
      if (type === "opened") return recordDefect(observation.head, node);
      if (type !== "applied") return undefined;
      const { finalized, head } = observation;
      const { block, certificate } = finalized;
      const { sequence, proposer } = block.header;
      const before = heads.get(sequence - 1);
      if (!heads.has(sequence)) heads.set(sequence, head);
      if (!isLeader(proposer, certificate)) {
        return `node ${node} finalized at sequence ${sequence} a block of ${toHex(proposer).slice(0, 8)}, which leads no view up to ${certificate.view}`;
      }
      const expected = before && leadershipAfter(before, block.parentCertificate);
      if (expected && !equalBytes(hashLeadership(expected), block.header.leadership)) {
        return `node ${node} finalized at sequence ${sequence} a block with another record of leaders`;
      }
      return recordDefect(head, node);
    },
  };
}

/**
 * Returns a violation if the record of leaders in a head is not the one that its header commits to.
 * Undefined if it is that record.
 */
function recordDefect({ leadership, header }: ApplicationHead, node: number): string | undefined {
  if (leadership === undefined || equalBytes(hashLeadership(leadership), header.leadership)) {
    return undefined;
  }
  return `node ${node} keeps another record of leaders than its head at ${header.sequence} names`;
}
