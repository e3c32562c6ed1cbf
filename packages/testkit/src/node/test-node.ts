import type { Ledger } from "@aethel/ledger";
import {
  type ConsensusMessage,
  type Digest,
  hashProof,
  indexOfValidator,
  type Proof,
  type Signer,
  toHex,
  toTimestamp,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import {
  type Application,
  type ApplicationHead,
  type createReplica,
  type PacingParameters,
  PbftError,
  type PeerName,
  type Replica,
  type ReplicaEvent,
  SigningRecord,
  type Transport,
} from "@aethel/pbft";
import type { ChainApplication, OpenApplication } from "../applications/application-kind.ts";
import { corrupt, type Surroundings } from "../byzantine/behaviour/byzantine-transport.ts";
import type { Conspiracy, Strategy } from "../byzantine/behaviour/strategy.ts";
import type { Observation } from "../checkers/checker.ts";
import { TestkitError } from "../errors.ts";
import type { TestKey } from "../fixtures/test-chain.ts";
import { VIRTUAL_EPOCH_MS } from "../fixtures/test-genesis.ts";
import type { Random } from "../random.ts";
import { type SlowBlocks, slownessOf } from "../scenario/slow-blocks.ts";
import { createVirtualDisk, type DiskFault } from "../virtual-disk.ts";
import type { VirtualNetwork } from "../virtual-network/virtual-network.ts";
import { createProcess, type VirtualProcess } from "../virtual-time/process.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { observeApplication } from "./observed-application.ts";

/** One node of a test network, as tests see it. */
export interface TestNode {
  readonly index: number;
  readonly id: PeerName;
  readonly isByzantine: boolean;
  /** What it does wrong, if it is Byzantine. */
  readonly strategies: readonly string[];
  readonly state: "up" | "paused" | "down";
  /** The last head that it was seen with; while it is down, the one on its disk. */
  readonly head: ApplicationHead;
  /** Bytes of its signing log that a crash would leave. */
  readonly signedBytes: number;
  /** Its ledger while it is up, in a world that has one. */
  readonly ledger: Ledger | undefined;
}

/** A node as the network handles it. */
export interface ManagedNode extends TestNode {
  start(): Promise<void>;
  crash(): void;
  pause(): void;
  resume(): void;
  /** False: it could not take the proof now. */
  submit(proof: Proof): boolean;
  /** Sets its clock so far ahead of what it would show, or behind; a restart does not mend it. */
  jumpClock(byMs: number): void;
  /** Damages the signing log of a node that is down. */
  flipBit(bit: number): void;
  /** From now on its disk fails in this way; undefined: it works. */
  setDiskFault(fault: NodeDiskFault | undefined): void;
  /** Takes the last blocks out of the database of a node that is down. */
  rollBack(blocks: number): void;
  /** Loses the signing log of a node that is down, and the last blocks of its database. */
  loseLog(blocks: number): void;
  /** Copies the disk, while the node is up. */
  takeSnapshot(): void;
  /** Puts the copy in place of the disk of a node that is down. */
  restoreSnapshot(): void;
  readonly disk: ReturnType<typeof createVirtualDisk>;
  /** The replica's application in its present incarnation, for questions of tests. */
  readonly application: Application | undefined;
}

/** How the disk of a node fails. */
export interface NodeDiskFault {
  readonly fault: DiskFault;
  /** Probability of each write to fail. Default 1. */
  readonly rate?: number;
  /** Whether the application's database fails too, and not the signing log alone. */
  readonly store?: boolean;
}

/** What a node is made of and joins. */
export interface NodeOptions {
  readonly index: number;
  readonly key: { readonly owner: TestKey; readonly voter: TestKey };
  /** What the node signs with, if not with `key.voter` alone. */
  readonly signers?: readonly Signer[];
  readonly genesis: Digest;
  readonly parameters: PacingParameters;
  readonly chain: ChainApplication;
  readonly scheduler: Scheduler;
  readonly network: VirtualNetwork;
  readonly random: Random;
  readonly clockOffsetMs: number;
  readonly clockRate: number;
  readonly isByzantine: boolean;
  readonly judgingMs: number;
  readonly slowBlocks: SlowBlocks | undefined;
  readonly syncMs: number;
  readonly strategies: readonly Strategy[];
  readonly conspiracy: Conspiracy;
  readonly others: readonly PeerName[];
  readonly isAccomplice: (peer: PeerName) => boolean;
  readonly createReplica: typeof createReplica;
  readonly verify: VerifySigned;
  readonly tell: (observation: Observation) => void;
  readonly onReplicaEvent: (node: number, event: ReplicaEvent) => void;
}

interface Incarnation {
  readonly process: VirtualProcess;
  readonly replica: Replica;
  readonly open: OpenApplication;
  /** Whether a proof gets to the node's own mempool. */
  readonly takes: (proof: Proof) => boolean;
}

/** A node that is down, with an empty disk. */
export async function createNode(options: NodeOptions): Promise<ManagedNode> {
  const { index, key, chain, random, scheduler } = options;
  const openApplication = chain.createNode();
  const disk = createVirtualDisk({ random: random.fork("disk"), syncMs: options.syncMs });
  let running: Incarnation | undefined;
  let starts = 0;
  let isDamaged = false;
  let isRolledBack = false;
  let isStoreFaulty = false;
  let jumpedMs = 0;
  let snapshot: { readonly image: Uint8Array; readonly sequence: number } | undefined;
  let head = (await openApplication()).application.head();

  const start = async (): Promise<void> => {
    if (running !== undefined) return;
    try {
      await open();
    } catch (error) {
      if (!isLogUseless(error)) throw error;
      isDamaged = false;
      // What an operator does: without its signing state the replica first listens.
      crash();
      forgetLog();
      await open();
    }
  };
  const isLogUseless = (error: unknown): boolean => {
    // A disk that fails, or loses power, damages nothing that the replica relies on.
    if (error instanceof TestkitError) return error.fault.code === "DISK_DAMAGED" && isDamaged;
    // The votes of a second instance with the key are in the database, and not in this log.
    const isOld = error instanceof PbftError && error.fault.code === "SIGNING_STATE_OLD";
    return isOld && options.isByzantine;
  };
  const forgetLog = (): void => {
    const since = toTimestamp(VIRTUAL_EPOCH_MS + scheduler.nowMs + options.clockOffsetMs);
    disk.format([SigningRecord.encode({ entries: [{ type: "listen", since }] })]);
  };
  const rollBack = (blocks: number): void => {
    openApplication.rollBack?.(blocks);
    isRolledBack = true;
  };
  const crash = (): void => {
    if (running === undefined) return;
    head = running.open.application.head();
    running.process.crash();
    running = undefined;
    disk.crash();
  };
  const open = async (): Promise<void> => {
    starts += 1;
    const process = createProcess(scheduler);
    const opened = await openApplication();
    head = opened.application.head();
    options.tell({ type: "opened", node: index, head, isRolledBack });
    isRolledBack = false;
    const { takes, ...surroundings } = surround(options, {
      process,
      open: opened,
      incarnation: starts,
      drawFault: () => (isStoreFaulty ? disk.drawFault() : undefined),
    });
    if (!options.isByzantine) {
      opened.ledger?.subscribe((event) => {
        if (event.type === "dropped") {
          options.tell({ type: "dropped", node: index, proof: toHex(event.proofHash) });
        }
        if (event.type === "finalized") {
          const { transition, receipts } = event;
          options.tell({ type: "executed", node: index, transition, receipts });
        }
      });
    }
    const replica = options.createReplica({
      genesis: options.genesis,
      parameters: options.parameters,
      signer: key.voter.signer,
      ...(options.signers === undefined ? {} : { signers: options.signers }),
      id: key.owner.id,
      // Its second votes come back to it in certificates.
      ignoresOwnSignatures: options.isByzantine,
      random: createNonces(random.fork(`nonces/${starts}`)),
      ...surroundings,
      clock: createVirtualClock({
        scheduler,
        process,
        offsetMs: options.clockOffsetMs,
        rate: options.clockRate,
        jumpedMs: () => jumpedMs,
      }),
      signingLog: disk.open(process),
      verify: options.verify,
      onEvent: (event) => {
        if (process.state !== "crashed") options.onReplicaEvent(index, event);
      },
    });
    running = { process, replica, open: opened, takes };
    await replica.start();
  };

  return {
    index,
    id: key.owner.id,
    isByzantine: options.isByzantine,
    strategies:
      options.isByzantine && options.strategies.length === 0
        ? ["twin"]
        : options.strategies.map((strategy) => strategy.name),
    disk,
    start,
    get state() {
      if (running === undefined) return "down";
      return running.process.state === "paused" ? "paused" : "up";
    },
    get head() {
      return running?.open.application.head() ?? head;
    },
    get signedBytes() {
      return disk.syncedBytes;
    },
    get application() {
      return running?.open.application;
    },
    get ledger() {
      return running?.open.ledger;
    },
    crash,
    jumpClock(byMs) {
      jumpedMs = byMs;
    },
    flipBit(bit) {
      isDamaged = true;
      disk.flipBit(bit);
    },
    setDiskFault(fault) {
      isStoreFaulty = fault?.store === true;
      disk.setFault(fault?.fault, fault?.rate);
    },
    rollBack,
    loseLog(blocks) {
      forgetLog();
      if (blocks > 0) rollBack(blocks);
    },
    takeSnapshot() {
      if (running === undefined || openApplication.rollBack === undefined) return;
      const { sequence } = running.open.application.head().header;
      snapshot = { image: disk.image(), sequence };
    },
    restoreSnapshot() {
      if (snapshot === undefined) return;
      disk.restore(snapshot.image);
      rollBack(Math.max(0, head.header.sequence - snapshot.sequence));
    },
    pause: () => running?.process.pause(),
    resume: () => running?.process.resume(),
    submit(proof) {
      if (running === undefined || running.process.state !== "running") return false;
      const { open, process, replica, takes } = running;
      if (!takes(proof)) return true;
      const added = open.submit(proof);
      if (added === "accepted") {
        process.after(0, () => replica.notifyWork());
        if (!options.isByzantine) {
          options.tell({ type: "known", node: index, proof: toHex(hashProof(proof)) });
        }
      }
      return added !== "later";
    },
  };
}

/** Nonces of a world: 32 bytes each time, from its seed. */
function createNonces(random: Random): () => Uint8Array {
  return () => Uint8Array.from({ length: 32 }, () => random.below(256));
}

/** The replica's ports in one incarnation: observed when honest, corrupted when Byzantine. */
function surround(
  options: NodeOptions,
  now: {
    readonly process: VirtualProcess;
    readonly open: OpenApplication;
    readonly incarnation: number;
    readonly drawFault: () => DiskFault | undefined;
  },
): Surroundings {
  const { index, key, network, random, scheduler, strategies } = options;
  const { process, open, incarnation, drawFault } = now;
  const draws = random.fork(`incarnation/${incarnation}`);
  const honest = !options.isByzantine;
  const tell = honest ? options.tell : (): void => undefined;
  const application = observeApplication({
    application: open.application,
    process,
    node: index,
    judgingMs: (digest) =>
      draws.below(options.judgingMs + 1) + slownessOf(digest, options.slowBlocks),
    tell,
    drawFault,
  });
  const transport = network.connect(index, process);
  const { clockOffsetMs: offsetMs, clockRate: rate } = options;
  const clock = createVirtualClock({ scheduler, process, offsetMs, rate });
  if (honest) {
    const isOwn = (message: ConsensusMessage): boolean =>
      isSaidBy(message, key.owner.id, open.application.head());
    const watch = (message: ConsensusMessage): void => {
      if (isOwn(message)) tell({ type: "said", node: index, message, clockMs: clock.now() });
    };
    return { transport: watched(transport, watch), application, takes: () => true };
  }
  const context = {
    random: draws.fork("strategy"),
    genesis: options.genesis,
    id: key.owner.id,
    signer: key.voter.signer,
    clock,
    others: options.others,
    isAccomplice: options.isAccomplice,
    conspiracy: options.conspiracy,
    head: () => open.application.head(),
    lie: open.lie ?? (async () => undefined),
  };
  return corrupt({ strategies, context, process, transport, application });
}

function watched(transport: Transport, watch: (message: ConsensusMessage) => void): Transport {
  return {
    ...transport,
    broadcast: (message) => {
      watch(message);
      transport.broadcast(message);
    },
    send: (to, message) => {
      watch(message);
      transport.send(to, message);
    },
  };
}

/** Replicas pass on what others said too; that is not theirs to answer for. */
function isSaidBy(message: ConsensusMessage, id: PeerName, head: ApplicationHead): boolean {
  const { sequence, voter } = speakerOf(message);
  const set = setOf(sequence, head);
  if (set === undefined) return false;
  const own = indexOfValidator(set, id);
  return own !== undefined && own === voter;
}

function setOf(sequence: number, head: ApplicationHead): ValidatorSet | undefined {
  if (sequence === head.header.sequence + 1) return head.validators;
  return sequence === head.header.sequence ? head.previousValidators : undefined;
}

function speakerOf(message: ConsensusMessage): {
  readonly sequence: number;
  readonly voter: number;
} {
  switch (message.type) {
    case "prepare":
    case "commit":
      return message;
    case "pre-prepare":
    case "new-view":
      return { sequence: message.proposal.sequence, voter: message.proposal.leader };
    case "view-change":
      return { sequence: message.body.sequence, voter: message.voter };
  }
}
