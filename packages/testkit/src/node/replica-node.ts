import type { Ledger } from "@aethel/ledger";
import { type Item, toHex, toTimestamp } from "@aethel/models";
import {
  type Application,
  type ApplicationHead,
  PbftError,
  type PeerName,
  type Replica,
  SigningRecord,
} from "@aethel/pbft";
import type { OpenApplication, OpenStorage } from "../applications/application-kind.ts";
import { TestkitError } from "../errors.ts";
import { VIRTUAL_EPOCH_MS } from "../fixtures/test-genesis.ts";
import type { Random } from "../random.ts";
import { createVirtualDisk, type VirtualDisk } from "../virtual-disk/virtual-disk.ts";
import { createProcess, type VirtualProcess } from "../virtual-time/process.ts";
import { createVirtualClock } from "../virtual-time/virtual-clock.ts";
import { surround } from "./surroundings.ts";
import type { ManagedNode, NodeDiskFault, NodeOptions } from "./test-node.ts";

/** Creates a node that is down and has an empty disk. */
export async function createNode(options: NodeOptions): Promise<ManagedNode> {
  const openApplication = options.chain.createNode();
  const head = (await openApplication()).application.head();
  return new ReplicaNode(options, openApplication, head);
}

/** One life of a node, from start to crash. */
interface Incarnation {
  readonly process: VirtualProcess;
  readonly replica: Replica;
  readonly open: OpenApplication;
  /** Tells whether the node adds an item to its own mempool. */
  readonly takes: (item: Item) => boolean;
}

/** Node of a test network. Its disk and its database outlive a crash of its process. */
class ReplicaNode implements ManagedNode {
  readonly disk: VirtualDisk;
  readonly #options: NodeOptions;
  readonly #openApplication: OpenStorage;
  #running: Incarnation | undefined;
  #starts = 0;
  #isDamaged = false;
  #isRolledBack = false;
  #isStoreFaulty = false;
  #jumpedMs = 0;
  #snapshot: { readonly image: Uint8Array; readonly sequence: number } | undefined;
  /** Last head that the node had. */
  #head: ApplicationHead;

  constructor(options: NodeOptions, openApplication: OpenStorage, head: ApplicationHead) {
    const { random, syncMs } = options;
    this.disk = createVirtualDisk({ random: random.fork("disk"), syncMs });
    this.#options = options;
    this.#openApplication = openApplication;
    this.#head = head;
  }

  get index(): number {
    return this.#options.index;
  }

  get id(): PeerName {
    return this.#options.key.owner.id;
  }

  get isByzantine(): boolean {
    return this.#options.isByzantine;
  }

  get strategies(): readonly string[] {
    const { isByzantine, strategies } = this.#options;
    if (isByzantine && strategies.length === 0) return ["twin"];
    return strategies.map(({ name }) => name);
  }

  get state(): "up" | "paused" | "down" {
    if (this.#running === undefined) return "down";
    return this.#running.process.state === "paused" ? "paused" : "up";
  }

  get head(): ApplicationHead {
    return this.#running?.open.application.head() ?? this.#head;
  }

  get signedBytes(): number {
    return this.disk.syncedBytes;
  }

  get application(): Application | undefined {
    return this.#running?.open.application;
  }

  get ledger(): Ledger | undefined {
    return this.#running?.open.ledger;
  }

  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    try {
      await this.#open();
    } catch (error) {
      if (!this.#isLogUseless(error)) throw error;
      this.#isDamaged = false;
      // As an operator does: without its signing state the replica listens first.
      this.crash();
      this.#forgetLog();
      await this.#open();
    }
  }

  crash(): void {
    if (this.#running === undefined) return;
    this.#head = this.#running.open.application.head();
    this.#running.process.crash();
    this.#running = undefined;
    this.disk.crash();
  }

  pause(): void {
    this.#running?.process.pause();
  }

  resume(): void {
    this.#running?.process.resume();
  }

  submit(item: Item): boolean {
    const { index, isByzantine, tell } = this.#options;
    if (this.#running === undefined || this.#running.process.state !== "running") return false;
    const { open, process, replica, takes } = this.#running;
    if (!takes(item)) return true;
    const added = open.submit(item);
    if (added === "accepted") {
      process.after(0, () => replica.notifyWork());
      if (!isByzantine) tell({ type: "known", node: index, proof: toHex(item.hash) });
    }
    return added !== "later";
  }

  jumpClock(byMs: number): void {
    this.#jumpedMs = byMs;
  }

  flipBit(bit: number): void {
    this.#isDamaged = true;
    this.disk.flipBit(bit);
  }

  setDiskFault(fault: NodeDiskFault | undefined): void {
    this.#isStoreFaulty = fault?.store === true;
    this.disk.setFault(fault?.fault, fault?.rate);
  }

  rollBack(blocks: number): void {
    this.#openApplication.rollBack?.(blocks);
    this.#isRolledBack = true;
  }

  loseLog(blocks: number): void {
    this.#forgetLog();
    if (blocks > 0) this.rollBack(blocks);
  }

  takeSnapshot(): void {
    if (this.#running === undefined || this.#openApplication.rollBack === undefined) return;
    const { sequence } = this.#running.open.application.head().header;
    this.#snapshot = { image: this.disk.image(), sequence };
  }

  restoreSnapshot(): void {
    if (this.#snapshot === undefined) return;
    this.disk.restore(this.#snapshot.image);
    this.rollBack(Math.max(0, this.#head.header.sequence - this.#snapshot.sequence));
  }

  #isLogUseless(error: unknown): boolean {
    // A disk that fails, or loses power, damages nothing that the replica relies on.
    if (error instanceof TestkitError) {
      return error.fault.code === "DISK_DAMAGED" && this.#isDamaged;
    }
    // The votes of a second instance with the key are in the database, and not in this log.
    const isOld = error instanceof PbftError && error.fault.code === "SIGNING_STATE_OLD";
    return isOld && this.#options.isByzantine;
  }

  #forgetLog(): void {
    const { scheduler, clockOffsetMs } = this.#options;
    const since = toTimestamp(VIRTUAL_EPOCH_MS + scheduler.nowMs + clockOffsetMs);
    this.disk.format([SigningRecord.encode({ entries: [{ type: "listen", since }] })]);
  }

  async #open(): Promise<void> {
    const options = this.#options;
    this.#starts += 1;
    const process = createProcess(options.scheduler);
    const opened = await this.#openApplication();
    this.#head = opened.application.head();
    options.tell({
      type: "opened",
      node: options.index,
      head: this.#head,
      isRolledBack: this.#isRolledBack,
    });
    this.#isRolledBack = false;
    const { takes, ...surroundings } = surround(options, {
      process,
      open: opened,
      incarnation: this.#starts,
      drawFault: () => (this.#isStoreFaulty ? this.disk.drawFault() : undefined),
    });
    if (!options.isByzantine) this.#follow(opened.ledger);
    const replica = this.#createReplica(process, surroundings);
    this.#running = { process, replica, open: opened, takes };
    await replica.start();
  }

  #createReplica(
    process: VirtualProcess,
    ports: Omit<ReturnType<typeof surround>, "takes">,
  ): Replica {
    const { key, random, scheduler, signers, ...options } = this.#options;
    return options.createReplica({
      genesis: options.genesis,
      parameters: options.parameters,
      signer: key.voter.signer,
      ...(signers === undefined ? {} : { signers }),
      id: key.owner.id,
      // The second votes of a Byzantine node come back to it in certificates.
      ignoresOwnSignatures: options.isByzantine,
      random: createNonces(random.fork(`nonces/${this.#starts}`)),
      ...ports,
      clock: createVirtualClock({
        scheduler,
        process,
        offsetMs: options.clockOffsetMs,
        rate: options.clockRate,
        jumpedMs: () => this.#jumpedMs,
      }),
      signingLog: this.disk.open(process),
      verify: options.verify,
      onEvent: (event) => {
        if (process.state === "crashed") return;
        const isRefusal = event.type === "view-changed" && event.cause === "refused-proposal";
        if (isRefusal && !options.isByzantine) {
          const { sequence, view } = event;
          options.tell({ type: "refused", node: options.index, sequence, view: view - 1 });
        }
        options.onReplicaEvent(options.index, event);
      },
    });
  }

  /** Reports events of an honest node's ledger to the checkers. */
  #follow(ledger: Ledger | undefined): void {
    const { index, tell } = this.#options;
    ledger?.subscribe((event) => {
      if (event.type === "dropped") {
        tell({ type: "dropped", node: index, proof: toHex(event.proofHash) });
      }
      if (event.type === "finalized") {
        const { transition, receipts } = event;
        tell({ type: "executed", node: index, transition, receipts });
      }
    });
  }
}

/** Returns a source of nonces of 32 bytes. */
function createNonces(random: Random): () => Uint8Array {
  return () => Uint8Array.from({ length: 32 }, () => random.below(256));
}
