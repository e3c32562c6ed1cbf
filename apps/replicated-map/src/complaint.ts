import { AethelError } from "@aethel/models";
import { errnoOf } from "@aethel/pbft/file";

/** Facts of an error of a system call, or of an error that a package derived from one. */
interface SystemFault {
  readonly errno: string;
  readonly text: string;
  /** File, folder or address; undefined if the error names none. */
  readonly place: string | undefined;
}

/** Fact and next step for each system error that a user can meet. */
const SYSTEM_FAULTS: ReadonlyMap<string, { readonly fact: string; readonly next: string }> =
  new Map([
    ["ENOENT", { fact: "is not there", next: "put it back, or take a folder that is there" }],
    ["EACCES", { fact: "may not be used by this user", next: "make this user its owner (chown)" }],
    ["EPERM", { fact: "may not be used by this user", next: "make this user its owner (chown)" }],
    ["EROFS", { fact: "is read-only", next: "take a folder on another disk, or mount it anew" }],
    ["ENOTDIR", { fact: "goes through a file", next: "take another folder" }],
    ["EISDIR", { fact: "is a folder and should be a file", next: "move it away" }],
    ["EEXIST", { fact: "is a file and should be a folder", next: "move it away" }],
    ["ENAMETOOLONG", { fact: "is too long a name", next: "take a folder with a shorter one" }],
    ["ELOOP", { fact: "is a circle of links", next: "take another folder" }],
    ["ENOSPC", { fact: "has no room: the disk is full", next: "free some space (df -h, df -i)" }],
    ["EDQUOT", { fact: "has no room: the quota is used up", next: "free some space (quota)" }],
    ["EFBIG", { fact: "is as large as a file may be", next: "raise the limit (ulimit -f)" }],
    ["ENOLCK", { fact: "cannot be locked", next: "take a folder on a local disk" }],
    ["EMFILE", { fact: "is one open file too many", next: "raise the limit (ulimit -n)" }],
    ["ENFILE", { fact: "is one open file too many", next: "close some programs" }],
    [
      "EADDRINUSE",
      {
        fact: "is in use",
        next: "stop what uses the port, or name another in network.json, the same for every node",
      },
    ],
    [
      "EADDRNOTAVAIL",
      { fact: "is no address of this machine", next: "give this machine its loopback interface" },
    ],
  ]);

const OPTION = "--allow-new-signing-state";

/** Describes the value that a command threw: the fact and the next step, without a stack. */
export function complaintOf(error: unknown): string {
  const fault = systemFaultOf(error);
  if (fault !== undefined) return describeSystemFault(fault);
  if (error instanceof AethelError) return describeFault(error);
  return error instanceof Error ? error.message : String(error);
}

function describeSystemFault({ errno, text, place }: SystemFault): string {
  const known = SYSTEM_FAULTS.get(errno);
  if (known !== undefined && place !== undefined) {
    return `${place} ${known.fact} (${errno}). Next: ${known.next}.`;
  }
  const next = known?.next ?? "check the disk and its file system (dmesg)";
  const where = place === undefined || text.includes(place) ? "" : `, ${place}`;
  return `${text}${where}. Next: ${next}.`;
}

/**
 * Reads the facts of a system error, also if it is inside an error of a package. Undefined for
 * other errors.
 */
function systemFaultOf(error: unknown): SystemFault | undefined {
  if (error instanceof AethelError) {
    const { code, errno, path, reason }: Readonly<Record<string, unknown>> = { ...error.fault };
    if (code === "STORAGE") {
      return {
        errno: String(errno),
        text: String(reason),
        place: placeIn(error.cause) ?? String(path),
      };
    }
    // libp2p says why in lines of text: `ADDRESS: Error: listen ERRNO: ...`.
    const said = code === "LISTEN" ? /(\/\S+): \w*Error: \w+ (E[A-Z]+)/.exec(String(reason)) : null;
    const [text, place, name] = said ?? [];
    return text === undefined || name === undefined ? undefined : { errno: name, text, place };
  }
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error)) return undefined;
  return { errno, text: error.message, place: placeIn(error) };
}

function placeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("path" in error && typeof error.path === "string") return error.path;
  return "port" in error && typeof error.port === "number" ? `port ${error.port}` : undefined;
}

/** Describes an error of a package about the files of a node. */
function describeFault(error: AethelError): string {
  const facts: Readonly<Record<string, unknown>> = { ...error.fault };
  const path = String(facts["path"]);
  switch (error.fault.code) {
    case "SIGNING_STATE_MISSING":
      return (
        `the signing log ${path} is missing. Next: put it back if it was moved, never an older ` +
        `copy; if it is lost for good, start once with ${OPTION}: the node listens, and then votes.`
      );
    case "SIGNING_STATE_DAMAGED":
      return (
        `the signing log ${path} is damaged at byte ${String(facts["offset"])}: ` +
        `${String(facts["reason"])}. Next: move it away, check the disk, and start once with ${OPTION}.`
      );
    case "SIGNING_STATE_OLD":
      return (
        `the signing log is an older copy: it ends at block ${String(facts["signed"])}, and the ` +
        `chain has a vote of this node at ${String(facts["voted"])}. Next: move it away and start ` +
        `once with ${OPTION}.`
      );
    case "SIGNING_STATE_LOCKED":
    case "LOCKED": {
      const { pid, host } = facts;
      const who = pid === 0 ? "" : ` (process ${String(pid)} on ${String(host)})`;
      return `this node runs already${who}. Next: stop that one first.`;
    }
    case "SIGNING_STATE_TAKEN":
    case "CHAIN_DAMAGED":
      return `${String(facts["reason"])}. Next: ${String(facts["remedy"])}.`;
    default:
      return error.message;
  }
}
