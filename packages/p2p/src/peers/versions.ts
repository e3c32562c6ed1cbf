import { equalBytes, type JudgeIdentity, toHex } from "@aethel/models";

/** Names of the roles, in the order of their codes in a hello. New ones go at the end. */
export const PEER_ROLES = ["validator", "sentry", "observer"] as const;

/**
 * Role of a peer. `validator`: it votes. `sentry`: it relays between private validators and all
 * others. `observer`: it follows the chain. Except for a proven validator, it is what the peer says.
 */
export type PeerRole = (typeof PEER_ROLES)[number];

/** Versions that must be equal on both sides of a connection. */
export interface PeerVersions {
  /** Judge that the node runs. Undefined on a node without one. */
  readonly judge: JudgeIdentity | undefined;
  /** Version of the rules by which the application executes blocks. */
  readonly application: number;
}

/** Difference between the versions of two peers. `detail` has both versions in words. */
export interface VersionMismatch {
  readonly reason: "other-judge" | "other-application";
  readonly detail: string;
}

/** Compares a peer's versions with this node's. Returns undefined if they are equal. */
export function findVersionMismatch(
  theirs: PeerVersions,
  own: PeerVersions,
): VersionMismatch | undefined {
  const [left, right] = [judgeInWords(theirs.judge), judgeInWords(own.judge)];
  if (!isSameJudge(theirs.judge, own.judge)) {
    return { reason: "other-judge", detail: `it has ${left}, this node has ${right}` };
  }
  if (theirs.application === own.application) return undefined;
  const detail = `it has version ${theirs.application}, this node has ${own.application}`;
  return { reason: "other-application", detail };
}

function isSameJudge(left: JudgeIdentity | undefined, right: JudgeIdentity | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (
    left.version === right.version &&
    left.kernelVersion === right.kernelVersion &&
    left.proverVersion === right.proverVersion &&
    equalBytes(left.wasmHash, right.wasmHash)
  );
}

function judgeInWords(judge: JudgeIdentity | undefined): string {
  if (judge === undefined) return "no Judge";
  const { version, kernelVersion, proverVersion, wasmHash } = judge;
  const solver = toHex(wasmHash).slice(0, 10);
  return `Judge ${version} (kernel ${kernelVersion}, prover ${proverVersion}, solver ${solver})`;
}
