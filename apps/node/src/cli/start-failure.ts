import { AethelError } from "@aethel/models";
import { PbftError } from "@aethel/pbft";
import { diskFailure, factsOf, failure, NodeError } from "./failure.ts";

/** Words of a person about what packages throw when a node starts or stops; else the error itself. */
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
        `the chain needs another Judge than this installation has (${facts})`,
        "install the version of Aethel that the chain names",
        error,
      );
    case "LISTEN":
      return failure(
        "PORT_IN_USE",
        `the peer address cannot be opened (${facts})`,
        "stop what uses it, or give another --listen",
        error,
      );
    default:
      return error;
  }
}

/** About the memory of what a key has signed. */
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
        `somebody else changed the signing state ${fault.path}: ${fault.reason}`,
        "find the other process or machine and stop it (docs/operating/two-instances.md)",
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
        `the checkpoint ${fault.sequence} cannot be used: ${fault.reason}`,
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

function holder({ pid, host }: { readonly pid: number; readonly host: string }): string {
  return pid === 0 ? "" : `: process ${pid} on ${host}`;
}
