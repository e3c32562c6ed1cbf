import type { Ledger } from "@aethel/ledger";
import { type AccountId, equalBytes, type Genesis, toHex } from "@aethel/models";
import type { PeerTransport } from "@aethel/p2p";
import type { ReplicaEvent, ReplicaStatus } from "@aethel/pbft";
import { isStorageFailure } from "@aethel/pbft";
import { diskFailure } from "../failure/disk-failure.ts";
import type { Finding } from "./finding.ts";
import type { ConsensusSituation, Member, Situation } from "./situation.ts";
import { whyNothingIsFinal } from "./why.ts";

/** Record of the facts in the replica's events, and the findings that follow from them. */
export interface Observer {
  readonly onReplica: (event: ReplicaEvent) => void;
  /** Returns the current findings: reasons why the node finalizes no blocks. */
  readonly findings: () => readonly Finding[];
  /**
   * Milliseconds since this node finalized its last block, or since the node's start. Before the
   * first block of a chain it is at most the age of the chain.
   */
  readonly quietMs: () => number;
}

/** Sources of facts. They are read whenever somebody asks for the findings. */
export interface Observed {
  readonly genesis: Genesis;
  readonly role: Situation["role"];
  readonly self: AccountId;
  readonly ledger: Pick<Ledger, "head" | "mempool" | "validator">;
  readonly replica: () => ReplicaStatus | undefined;
  readonly transport: () => Pick<PeerTransport, "connections" | "peers"> | undefined;
  /** Reads the machine's clock, in milliseconds since 1970. */
  readonly now: () => number;
  /** Reads a monotonic clock, in milliseconds. */
  readonly elapsed: () => number;
}

/** Milliseconds for which the refusal of a proposal because of its timestamp counts. */
const UNTIMELY_FOR_MS = 60_000;
const UNTIMELY_MAX = 32;
/**
 * Number of view timeouts without a final block after which a finding says so. Fewer can mean only
 * that one leader is down, or that connections are not open yet.
 */
const PATIENT_ROUNDS = 3;

/** Creates the observer of one node. */
export function createObserver(observed: Observed): Observer {
  const { genesis, elapsed } = observed;
  const { viewTimeoutMs, heartbeatIntervalMs } = genesis.parameters;
  let lastFinal = elapsed();
  let untimelySinceFinal = 0;
  let seeking: { readonly sequence: number; readonly since: number } | undefined;
  let untimely: readonly { readonly at: number; readonly differenceMs: number }[] = [];
  /** Returns the milliseconds without a final block; on a new chain at most the chain's age. */
  const quietMs = (): number => {
    const since = elapsed() - lastFinal;
    if (observed.ledger.head().header.sequence > 0) return since;
    return Math.min(since, Math.max(0, observed.now() - genesis.timestamp));
  };

  function situation(): Situation {
    const { role, self, ledger } = observed;
    const { header } = ledger.head();
    const transport = observed.transport();
    const connections = transport?.connections() ?? [];
    const recent = untimely.filter(({ at }) => elapsed() - at < UNTIMELY_FOR_MS);
    const isHeartbeatLate =
      heartbeatIntervalMs > 0 && quietMs() > heartbeatIntervalMs + PATIENT_ROUNDS * viewTimeoutMs;
    const own = role === "validator" ? ledger.validator(self) : undefined;
    const { minimumStake } = genesis.parameters;
    return {
      role,
      record: own && { status: own.status, stake: own.stake, minimumStake },
      nowMs: observed.now(),
      genesisMs: genesis.timestamp,
      head: { sequence: header.sequence, timestampMs: header.timestamp },
      consensus: consensusOf(observed.replica()),
      hasWork: ledger.mempool().count > ledger.mempool().waiting || isHeartbeatLate,
      proofs: ledger.mempool().count,
      quietMs: quietMs(),
      patienceMs: PATIENT_ROUNDS * viewTimeoutMs,
      peers: new Set(connections.map(({ peer }) => peer)).size,
      members: membersOf(observed, transport),
      untimelyMs: recent.map(({ differenceMs }) => differenceMs),
      untimelySinceFinal,
      seeking:
        seeking === undefined
          ? undefined
          : { sequence: seeking.sequence, forMs: elapsed() - seeking.since },
    };
  }

  return {
    onReplica(event) {
      if (event.type === "finalized") {
        lastFinal = elapsed();
        untimelySinceFinal = 0;
      }
      if (event.type === "joining") {
        const { state, sequence } = event;
        seeking = state === "path" ? { sequence, since: elapsed() } : undefined;
      }
      if (event.type !== "proposal-untimely") return;
      const { differenceMs } = event;
      untimelySinceFinal += 1;
      untimely = [...untimely, { at: elapsed(), differenceMs }].slice(-UNTIMELY_MAX);
    },
    findings: () => whyNothingIsFinal(situation()),
    quietMs,
  };
}

/** Lists the members of the current set, and whether this node reaches them. */
function membersOf(
  { role, self, ledger }: Pick<Observed, "role" | "self" | "ledger">,
  transport: Pick<PeerTransport, "connections" | "peers"> | undefined,
): readonly Member[] {
  const connections = transport?.connections() ?? [];
  const proven = connections.flatMap(({ validator }) => validator ?? []);
  // Names of peers are those of validators, also of those behind sentries, and aliases.
  const reached = new Set([...proven, ...(transport?.peers() ?? [])].map(toHex));
  return ledger.head().validators.validators.map(({ id, power }) => {
    const isSelf = role === "validator" && equalBytes(id, self);
    const name = toHex(id);
    return { id: name, power, self: isSelf, connected: isSelf || reached.has(name) };
  });
}

function consensusOf(status: ReplicaStatus | undefined): ConsensusSituation | undefined {
  if (status === undefined) return undefined;
  const { view, leader, running, trouble, quiet, behind, headAheadMs, clockDoubted, joining } =
    status;
  const heard = quiet?.listening;
  return {
    view,
    leader: leader === undefined ? undefined : toHex(leader),
    running,
    quiet: quiet?.reason,
    signsFrom: quiet?.signsFrom,
    behind,
    joining,
    headAheadMs,
    clockDoubted,
    ...troubleOf(trouble?.error),
    listening:
      heard === undefined
        ? undefined
        : {
            cause: heard.cause,
            sinceMs: heard.since,
            heardPower: heard.heardPower,
            neededPower: heard.neededPower,
            totalPower: heard.totalPower,
            highest: heard.highest,
            possible: heard.possible,
          },
  };
}

function troubleOf(error: unknown): Pick<ConsensusSituation, "disk" | "noVerdict"> {
  const said = error instanceof Error ? error.message : String(error);
  if (error === undefined) return { disk: undefined, noVerdict: undefined };
  if (!isStorageFailure(error)) return { disk: undefined, noVerdict: said };
  return { disk: diskFailure(error)?.fault.message ?? said, noVerdict: undefined };
}
