import {
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type Sequence,
  type SyncRequest,
  type SyncResponse,
  toHex,
  toSequence,
  type VerifySigned,
} from "@aethel/models";
import type { Config } from "../config.ts";
import { ask } from "../peers/ask.ts";
import { createErrands, type Errands } from "../peers/errands.ts";
import { createPeerBook } from "../peers/peer-book.ts";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { ApplicationHead, PeerName, Transport } from "../ports.ts";
import { type Checkpoint, checkCheckpoint, type JoiningOptions } from "./checkpoint.ts";
import { findRival, type PeersBlock, type Rival } from "./comparison.ts";
import { memberNames } from "./members.ts";
import { createPath, isShort, type Path } from "./path.ts";
import { createTrail, type Trail } from "./trail.ts";

/**
 * Reason for which a replica follows the chain no further. To continue, the operator must name a
 * checkpoint, or a different one.
 */
export type JoiningStop =
  /** A validator of the trusted set has left. It could sign another history at no cost. */
  | "checkpoint-needed"
  /** Two blocks of one sequence are certified: more than a third of the power signed both. */
  | "history-forked"
  /** This replica's head is not among the blocks before the checkpoint. */
  | "checkpoint-contradicted";

/** Report on the progress of joining: following history that the replica did not see happen. */
export interface JoiningNews {
  readonly type: "joining";
  /** `path`: headers from the checkpoint down are being fetched. `path-known`: all arrived. */
  readonly state: "path" | "path-known" | JoiningStop;
  readonly sequence: Sequence;
  readonly reason: string;
}

/**
 * Decision whether a final block may be applied. `go`: it may. `wait`: this is not known yet.
 * `stop`: no block may be applied any more. `wrong`: the block is not on the path to the
 * checkpoint, whoever signed it.
 */
export type Admission = "go" | "wait" | "stop" | "wrong";

/** Parts of the driver that joining uses. */
export interface JoiningWiring {
  readonly options: JoiningOptions;
  readonly genesis: Digest;
  readonly verify: VerifySigned | undefined;
  /** Head with which the replica started. It knows this head without trusting anybody. */
  readonly head: ApplicationHead;
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: SteadyClock;
  readonly config: Pick<Config, "disseminationBoundMs" | "networkDelayMs" | "resendIntervalMs">;
  /** Called when checking an answer throws, which is a bug in this program. */
  readonly onBroken: (error: unknown) => void;
  readonly emit: (news: JoiningNews) => void;
  /** Called when a block that had to wait may be admitted now. */
  readonly onChange: () => void;
}

/** Most comparisons of histories with one peer. A later one covers all blocks before it. */
const COMPARED_TIMES = 3;
/** Most peers whose history is compared with ours before the first block is applied. */
const COMPARED_WITH = 32;

/**
 * Rule by which a replica follows history that it did not see happen (weak subjectivity). A
 * validator that has left the set and got its stake back can sign another history at no cost, and
 * no certificate tells the two histories apart. So a replica with an old head follows history only
 * up to a checkpoint that the operator names, or only while no validator of its set has left. It
 * also stops if a peer shows a different history.
 */
export class Joining {
  readonly #wiring: JoiningWiring;
  readonly #path: Path | undefined;
  readonly #members: ReadonlySet<string>;
  readonly #stopping = new AbortController();
  readonly #open = new Set<Promise<void>>();
  readonly #errands: Errands;
  readonly #answerMs: number;
  #cancelPause = (): void => {};
  readonly #waiting: (() => void)[] = [];
  readonly #trail: Trail;
  /** Whether the head is so old that validators of its set may have their stake back. */
  #isOld: boolean;
  /** Whether this replica compares the history that it follows with the history of its peers. */
  readonly #isCompared: boolean;
  readonly #times = new Map<string, number>();
  #isComparing = false;
  #firstCompared = false;
  #cancelLater = (): void => {};
  #stop: JoiningStop | undefined;

  /** Begins to join. @throws PbftError `CHECKPOINT` if the checkpoint cannot be used. */
  constructor(wiring: JoiningWiring) {
    const { options, head, clock } = wiring;
    const { checkpoint } = options;
    const { sequence } = head.header;
    checkCheckpoint(options, { now: clock.now(), head: sequence });
    this.#wiring = wiring;
    const { trustedForMs } = options;
    const isAhead = checkpoint !== undefined && checkpoint.sequence >= sequence;
    this.#isOld = !isAhead && this.#isOldHead(head);
    this.#isCompared = this.#isOld || (!isAhead && trustedForMs === undefined && sequence === 0);
    this.#trail = createTrail(sequence);
    this.#members = memberNames(head.validators);
    const { transport, config, onBroken } = wiring;
    const { networkDelayMs, resendIntervalMs } = config;
    // An answer that takes longer is none.
    const answerMs = 2 * (config.disseminationBoundMs + 2 * networkDelayMs);
    this.#answerMs = answerMs;
    const book = createPeerBook({
      now: () => clock.elapsed(),
      count: () => transport.peers().length,
      initialMs: Math.max(1, networkDelayMs),
      passOverMs: resendIntervalMs,
      passOverMaxMs: 8 * answerMs,
    });
    this.#errands = createErrands({ transport, clock, book, answerMs, onBroken });
    this.#path =
      checkpoint !== undefined && checkpoint.sequence > sequence
        ? createPath(checkpoint, { sequence, digest: head.digest })
        : undefined;
    this.#begin(checkpoint);
  }

  #begin(checkpoint: Checkpoint | undefined): void {
    const { head } = this.#wiring;
    if (this.#isCompared) this.#later();
    if (checkpoint === undefined) return;
    if (this.#path !== undefined) {
      const reason = "headers from the checkpoint down to the own head are fetched";
      this.#say("path", checkpoint.sequence, reason);
      return this.#learn(this.#path, checkpoint);
    }
    const isHead = checkpoint.sequence === head.header.sequence;
    if (isHead && !equalBytes(checkpoint.digest, head.digest)) this.#contradicted();
  }

  /** Reason for which the replica follows no more blocks. Undefined while it follows them. */
  get stopped(): JoiningStop | undefined {
    return this.#stop;
  }

  /**
   * Decides whether a final block from a peer may be applied after `head`. Its certificate was
   * verified against the sets of `head`.
   */
  admit(finalized: FinalizedBlock, head: ApplicationHead): Admission {
    const admission = this.#onPath(finalized);
    if (admission !== undefined) return admission;
    // Who shows a false history dates it as well, so dates count only once peers were compared with.
    // A node that has caught up then goes by certificates, as one that starts anew there does.
    if (this.#firstCompared && !this.#isOldHead(head)) this.#isOld = false;
    const left = this.#isOld ? this.#whoLeft(head) : undefined;
    if (left !== undefined) {
      const reason = `validator ${left} has left the set, and could sign another history`;
      this.#halt("checkpoint-needed", head.header.sequence, reason);
      return "stop";
    }
    if (!this.#isCompared) return "go";
    const { sequence, digest } = finalized.certificate;
    const other = this.#trail.digestAt(sequence);
    if (other !== undefined && !equalBytes(other, digest)) {
      this.#fork({ sequence, digests: [toHex(other), toHex(digest)] });
      return "stop";
    }
    this.#trail.record(digest, head);
    this.#compareFirst();
    // Only the first comparison is waited for: a peer that hangs costs its time once.
    return this.#firstCompared ? "go" : "wait";
  }

  /** Whether the head's timestamp differs from the clock by over `trustedForMs`, either way. */
  #isOldHead({ header }: ApplicationHead): boolean {
    const { clock, options } = this.#wiring;
    const differenceMs = Math.abs(clock.now() - header.timestamp);
    return differenceMs > (options.trustedForMs ?? Number.POSITIVE_INFINITY);
  }

  #whoLeft(head: ApplicationHead): string | undefined {
    const now = memberNames(head.validators);
    return [...this.#members].find((name) => !now.has(name));
  }

  /** Decides on a block by the path to the checkpoint. Undefined if the path does not decide it. */
  #onPath({ certificate }: FinalizedBlock): Admission | undefined {
    const { sequence, digest } = certificate;
    if (this.#stop !== undefined) return "stop";
    const { checkpoint } = this.#wiring.options;
    if (this.#path === undefined || checkpoint === undefined || sequence > checkpoint.sequence) {
      return undefined;
    }
    const isOn = this.#path.holds(sequence, digest);
    if (isOn === undefined) return "wait";
    return isOn ? "go" : "wrong";
  }

  /**
   * Calls `go` once a block that votes made final may be applied. Never calls it if the block may
   * not be applied. A validator that has left can send votes as well as blocks, so such blocks are
   * checked like fetched ones.
   */
  pass(finalized: FinalizedBlock, head: ApplicationHead, go: () => void): void {
    const admission = this.#isOld ? this.admit(finalized, head) : (this.#onPath(finalized) ?? "go");
    if (admission === "go") {
      if (this.#isCompared) this.#trail.record(finalized.certificate.digest, head);
      return go();
    }
    if (admission === "wait") {
      this.#waiting.push(() => this.pass(finalized, head, go));
      return;
    }
    if (admission === "stop") return;
    const reason = "votes make a block final that is not on the way to the checkpoint";
    this.#halt("history-forked", finalized.certificate.sequence, reason);
  }

  /** Stops joining. Resolves when no request is pending. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelPause();
    this.#cancelLater();
    await Promise.all([...this.#open, this.#errands.stop()]);
  }

  /**
   * Compares histories with one more peer at each resend interval. A peer may connect later, or its
   * history may grow.
   */
  #later(): void {
    const { clock, config, head, transport } = this.#wiring;
    this.#cancelLater = clock.schedule(config.resendIntervalMs, () => {
      if (this.#stopping.signal.aborted || this.#stop !== undefined) return;
      this.#later();
      if (this.#trail.end() === head.header.sequence) return;
      const peers = transport.peers();
      this.#forgetOthers(peers);
      const peer = peers
        .toSorted((left, right) => this.#timesCompared(left) - this.#timesCompared(right))
        .find((each) => this.#timesCompared(each) < COMPARED_TIMES);
      if (peer !== undefined) this.#run(this.#compare(peer));
    });
  }

  #timesCompared(peer: PeerName): number {
    return this.#times.get(toHex(peer)) ?? 0;
  }

  /** Drops the comparison counts of absent peers. Names that come and go would fill the memory. */
  #forgetOthers(peers: readonly PeerName[]): void {
    const present = new Set(peers.map(toHex));
    for (const name of this.#times.keys()) if (!present.has(name)) this.#times.delete(name);
  }

  /** Compares histories with up to `COMPARED_WITH` peers before the first block is applied. */
  #compareFirst(): void {
    if (this.#isComparing) return;
    this.#isComparing = true;
    const peers = this.#wiring.transport.peers().slice(0, COMPARED_WITH);
    if (peers.length === 0) return this.#letGo();
    let answers = 0;
    for (const peer of peers) {
      const answered = this.#compare(peer).then(() => {
        answers += 1;
        // Who hangs may still object later.
        if (answers >= (2 * peers.length) / 3) this.#letGo();
        else if (answers === 1) this.#soon();
      });
      this.#run(answered);
    }
  }

  async #compare(peer: PeerName): Promise<void> {
    this.#times.set(toHex(peer), this.#timesCompared(peer) + 1);
    const { genesis, verify, head } = this.#wiring;
    const ask = async (sequence: number): Promise<PeersBlock> => {
      const from = toSequence(sequence);
      const response = await this.#ask(peer, { type: "blocks", from, count: 1 });
      const isWithout = response?.type === "absent" || response?.type === "pruned";
      if (isWithout) return { head: response.head };
      return (response?.type === "blocks" ? response.blocks[0] : undefined) ?? "none";
    };
    const trail = this.#trail;
    const rival = await findRival({ trail, start: head.header.sequence, genesis, verify, ask });
    if (rival !== undefined && !this.#stopping.signal.aborted) this.#fork(rival);
  }

  #fork({ sequence, digests }: Rival): void {
    const reason = `blocks ${digests.join(" and ")} are both certified`;
    this.#halt("history-forked", toSequence(sequence), reason);
  }

  /**
   * Requests the next headers of the path. An answer with fewer headers than honest peers send is
   * used only if no peer has a longer one.
   */
  #learn(path: Path, checkpoint: Checkpoint): void {
    const request = path.request();
    if (request === undefined) return this.#learnt(path, checkpoint);
    const { resendIntervalMs } = this.#wiring.config;
    let best: { readonly response: SyncResponse; readonly count: number } | undefined;
    const errand = this.#errands.run({
      request,
      kind: "large",
      isUrgent: () => true,
      mayAsk: () => true,
      take: (response) => {
        if (response.type === "absent") return "useless";
        const count = path.measure(response);
        if (count === undefined) return "wrong";
        if (count > (best?.count ?? 0)) best = { response, count };
        if (isShort(request, count)) return "withheld";
        path.take(response);
        return "done";
      },
      exhausted: (openCount) => {
        if (best !== undefined) {
          path.take(best.response);
          this.#learn(path, checkpoint);
          return true;
        }
        if (openCount > 0) return false;
        this.#cancelPause = this.#wiring.clock.schedule(resendIntervalMs, () => errand.again());
        return false;
      },
      ended: () => this.#learn(path, checkpoint),
    });
  }

  #learnt(path: Path, { sequence }: Checkpoint): void {
    if (path.meetsHead() !== true) return this.#contradicted();
    this.#say("path-known", sequence, "each block up to the checkpoint is known by its digest");
    this.#changed();
  }

  #contradicted(): void {
    const reason = "the own blocks are not among those before it: join with an empty database";
    this.#halt("checkpoint-contradicted", this.#wiring.head.header.sequence, reason);
  }

  /** Ends the first comparison of histories soon, so that slightly slower peers still count. */
  #soon(): void {
    const { clock, config } = this.#wiring;
    const cancel = clock.schedule(config.networkDelayMs, () => this.#letGo());
    this.#stopping.signal.addEventListener("abort", cancel, { once: true });
  }

  #letGo(): void {
    if (this.#firstCompared || this.#stopping.signal.aborted) return;
    this.#firstCompared = true;
    this.#changed();
  }

  #ask(peer: PeerName, request: SyncRequest): Promise<SyncResponse | undefined> {
    const limit = new AbortController();
    const giveUp = (): void => limit.abort();
    const { signal } = this.#stopping;
    signal.addEventListener("abort", giveUp);
    const { transport, clock } = this.#wiring;
    const answer = ask({ transport, clock, answerMs: this.#answerMs }, peer, request, limit);
    // Peers may be asked for as long as the replica runs.
    return answer.finally(() => signal.removeEventListener("abort", giveUp));
  }

  #run(work: Promise<void>): void {
    const whole = work.finally(() => this.#open.delete(whole));
    this.#open.add(whole);
  }

  #say(state: JoiningNews["state"], sequence: Sequence, reason: string): void {
    this.#wiring.emit({ type: "joining", state, sequence, reason });
  }

  #halt(why: JoiningStop, sequence: Sequence, reason: string): void {
    if (this.#stop !== undefined) return;
    this.#stop = why;
    this.#say(why, sequence, reason);
    this.#changed();
  }

  #changed(): void {
    for (const attempt of this.#waiting.splice(0)) attempt();
    this.#wiring.onChange();
  }
}
