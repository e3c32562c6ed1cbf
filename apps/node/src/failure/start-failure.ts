import { AethelError } from "@aethel/models";
import { PbftError, type PbftFault } from "@aethel/pbft";
import { group } from "@aethel/terminal";
import { formatDuration } from "../terminal/format.ts";
import { diskFailure } from "./disk-failure.ts";
import { factsOf, failure, NodeError } from "./failure.ts";

/**
 * Converts an error that a package threw while a node started or stopped to a `NodeError` with a
 * next step. Returns other errors unchanged.
 */
export function explainStart(error: unknown): unknown {
  if (error instanceof NodeError) return error;
  const disk = diskFailure(error);
  if (disk !== undefined) return disk;
  if (error instanceof PbftError) return signingFailure(error);
  if (!(error instanceof AethelError)) return error;
  const facts = factsOf(error);
  switch (error.fault.code) {
    case "JUDGE_MISMATCH":
      return failure(
        "JUDGE_MISMATCH",
        `the chain names another Judge than this installation has (${facts})`,
        "install the version of Aethel that the chain names",
        error,
      );
    case "LISTEN":
      return listenFailure(error);
    default:
      return error;
  }
}

/**
 * Creates the error about the addresses on which the node listens for peers, from the lines
 * `ADDRESS: Error: listen ERRNO: ...` of libp2p.
 */
function listenFailure(error: AethelError): NodeError {
  const { addresses, reason }: Readonly<Record<string, unknown>> = { ...error.fault };
  const said = /^\s*(\/\S+): \w*Error: \w+ (E[A-Z]+)/m.exec(String(reason));
  const [, address = [addresses].flat().join(", "), errno] = said ?? [];
  const cannot = (code: "PORT_IN_USE" | "ADDRESS", what: string, next: string): NodeError =>
    failure(code, `the peer address cannot be opened: ${address} ${what}`, next, error);
  switch (errno) {
    case "EADDRINUSE":
      return cannot(
        "PORT_IN_USE",
        "is in use",
        "stop what uses it, or choose another with --listen or `p2p.listen` in config.json",
      );
    case "EACCES":
      return cannot("ADDRESS", "needs more rights than this user has", "choose a port above 1023");
    default: {
      const [first = ""] = String(reason).split("\n");
      const what =
        errno === undefined ? `(${first})` : `is not an address of this machine (${errno})`;
      return cannot("ADDRESS", what, "choose an address of this machine with --listen");
    }
  }
}

/**
 * Converts an error of `@aethel/pbft` about the signing state or a checkpoint. Returns others
 * unchanged.
 */
function signingFailure(error: PbftError): unknown {
  const { fault } = error;
  const refuse = (message: string, next: string): NodeError =>
    failure("SIGNING_STATE", message, next, error);
  switch (fault.code) {
    case "SIGNING_STATE_MISSING":
      return refuse(
        `the signing state is missing: ${fault.path}`,
        "put it back if it was moved; never an older copy. If it is lost for good, start once with " +
          "--allow-new-signing-state: the node listens, and then signs (docs/operating/lost-log.md)",
      );
    case "SIGNING_STATE_DAMAGED":
      return refuse(
        `the signing state ${fault.path} is damaged at byte ${fault.offset}: ${fault.reason}`,
        "move it away and keep it, check the disk, then start once with --allow-new-signing-state " +
          "(docs/operating/lost-log.md)",
      );
    case "SIGNING_STATE_LOCKED":
    case "LOCKED":
      return refuse(
        `another process signs with ${fault.path}${holder(fault)}`,
        "stop that one first: two that sign with one key are slashed (docs/operating/two-instances.md)",
      );
    case "SIGNING_STATE_TAKEN":
      return refuse(
        `another process or machine changed the signing state ${fault.path}: ${fault.reason}`,
        "find it and stop it before you start this node again (docs/operating/two-instances.md)",
      );
    case "SIGNING_STATE_OLD":
      return refuse(
        `signing.log is an older copy: it ends at sequence ${fault.signed}, and the database has a ` +
          `vote of this validator at ${fault.voted}`,
        "move signing.log away and start once with --allow-new-signing-state; never restore it again " +
          "(docs/operating/restored.md)",
      );
    case "CHECKPOINT":
      return failure(
        "CONFIG",
        `the checkpoint ${fault.sequence} cannot be used: ${checkpointProblem(fault)}`,
        fault.remedy,
        error,
      );
    case "SIGNING_RECORD":
      return refuse(
        `record ${fault.index} of signing.log cannot be read: ${fault.reason}`,
        "use the version of Aethel that wrote it",
      );
    default:
      return error;
  }
}

function checkpointProblem({ problem }: Extract<PbftFault, { code: "CHECKPOINT" }>): string {
  switch (problem.type) {
    case "ahead":
      return `it is dated ${formatDuration(problem.aheadMs)} ahead of this machine's clock; one of the two is wrong`;
    case "old":
      return (
        `it is ${formatDuration(problem.ageMs)} old, and validators that signed for it may have left after ` +
        formatDuration(problem.trustedForMs)
      );
    case "far":
      return (
        `it is ${group(problem.blocks)} blocks above the head ${problem.head}, and at most ` +
        `${group(problem.blocksMax)} are followed`
      );
  }
}

function holder({ pid, host }: { readonly pid: number; readonly host: string }): string {
  return pid === 0 ? "" : `: process ${pid} on ${host}`;
}
