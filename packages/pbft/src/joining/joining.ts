import {
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type Sequence,
  type SyncRequest,
  type SyncResponse,
  toHex,
  type VerifySigned,
} from "@aethel/models";
import { findFinalizedDefect } from "../authenticate.ts";
import type { Config } from "../config.ts";
import type { ApplicationHead, PeerName, Transport } from "../ports.ts";
import { ask } from "../replica/ask.ts";
import { createErrands, type Errands } from "../replica/errands.ts";
import { createPeerBook } from "../replica/peer-book.ts";
import type { SteadyClock } from "../replica/steady-clock.ts";
import { type Checkpoint, checkCheckpoint, type JoiningOptions } from "./checkpoint.ts";
import { createPath, type Path } from "./path.ts";

/** Why a replica follows no further; the operator must name a checkpoint, or another one. */
export type JoiningStop =
  /** A validator of the set that is trusted has left: who has left can sign another history. */
  | "checkpoint-needed"
  /** Two blocks of one sequence are certified: a third of their signers have signed both. */
  | "history-forked"
  /** The own head is not among the blocks before the checkpoint. */
  | "checkpoint-contradicted";

/** A report of how joining stands. */
export interface JoiningNews {
  readonly type: "joining";
  /** `path`: headers down from the checkpoint are fetched; `path-known`: they are all here. */
  readonly state: "path" | "path-known" | JoiningStop;
  readonly sequence: Sequence;
  readonly reason: string;
}

/**
 * May a final block be applied: `go`; `wait`: it is not known yet; `stop`: no block may be; `wrong`:
 * it is not on the way to the checkpoint, whoever signed it.
 */
export type Admission = "go" | "wait" | "stop" | "wrong";

/** What joining works with. */
export interface JoiningWiring {
  readonly options: JoiningOptions;
  readonly genesis: Digest;
  readonly verify: VerifySigned | undefined;
  /** The head at the start: what is known without anybody's word. */
  readonly head: ApplicationHead;
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: SteadyClock;
  readonly config: Pick<Config, "disseminationBoundMs" | "networkDelayMs" | "resendIntervalMs">;
  /** Checking an answer threw: a bug of ours. */
  readonly onBroken: (error: unknown) => void;
  readonly emit: (news: JoiningNews) => void;
  /** Something that had to wait may go on. */
  readonly onChange: () => void;
}

/** While history is old, each so many blocks some peers are asked whether they have the same. */
const COMPARED_EVERY = 64;
/** Peers asked for one comparison. */
const COMPARED_WITH = 4;

/**
 * The rule by which a replica follows history that it did not see happen (weak subjectivity): who
 * left the set, and has its stake back, signs another history at no cost, and no certificate tells
 * the two apart. Therefore history that begins at an old head is followed only up to a checkpoint
 * which the operator names, or while nobody of the set has left, and no further than peers agree.
 */
export class Joining {
  readonly #wiring: JoiningWiring;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #path: Path | undefined;
  readonly #members: ReadonlySet<string>;
  readonly #stopping = new AbortController();
  readonly #open = new Set<Promise<void>>();
  readonly #errands: Errands;
  readonly #answerMs: number;
  #cancelPause = (): void => {};
  readonly #waiting: (() => void)[] = [];
  #firstCompared = false;
  #comparedUpTo = 0;
  #turn = 0;
  #stop: JoiningStop | undefined;

  /** @throws PbftError `CHECKPOINT` when the checkpoint cannot be used. */
  constructor(wiring: JoiningWiring) {
    const { options, head, clock } = wiring;
    const { checkpoint } = options;
    const { sequence } = head.header;
    checkCheckpoint(options, { now: clock.now(), head: sequence });
    this.#wiring = wiring;
    this.#checkpoint = checkpoint;
    this.#members = namesOf(head);
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
    if (checkpoint === undefined || checkpoint.sequence <= sequence) return;
    this.#path = createPath(checkpoint, { sequence, digest: head.digest });
    const reason = "headers from the checkpoint down to the own head are fetched";
    this.#say("path", checkpoint.sequence, reason);
    this.#learn(this.#path, checkpoint);
  }

  /** Why nothing more is followed. */
  get stopped(): JoiningStop | undefined {
    return this.#stop;
  }

  /** Judges a final block from a peer, its certificate verified by `head`, that follows `head`. */
  admit(finalized: FinalizedBlock, head: ApplicationHead): Admission {
    const admission = this.#judge(finalized, head);
    return admission === "go" && this.#isCompared(head)
      ? this.#compared(finalized, head)
      : admission;
  }

  #judge(finalized: FinalizedBlock, head: ApplicationHead): Admission {
    const { sequence, digest } = finalized.certificate;
    if (this.#stop !== undefined) return "stop";
    if (this.#path !== undefined && sequence <= (this.#checkpoint?.sequence ?? 0)) {
      const isOn = this.#path.holds(sequence, digest);
      if (isOn === undefined) return "wait";
      return isOn ? "go" : "wrong";
    }
    if (!this.#isOld(head)) return "go";
    const now = namesOf(head);
    const left = [...this.#members].find((name) => !now.has(name));
    if (left !== undefined) {
      const reason = `validator ${left} has left the set, and could sign another history`;
      this.#halt("checkpoint-needed", head.header.sequence, reason);
      return "stop";
    }
    return "go";
  }

  /** Calls `go` when a block that votes made final may be applied; never, when it may not. */
  pass(finalized: FinalizedBlock, head: ApplicationHead, go: () => void): void {
    const admission = this.#judge(finalized, head);
    if (admission === "go") return go();
    if (admission === "wait") {
      this.#waiting.push(() => this.pass(finalized, head, go));
      return;
    }
    if (admission === "stop") return;
    const reason = "votes make a block final that is not on the way to the checkpoint";
    this.#halt("history-forked", finalized.certificate.sequence, reason);
  }

  /** Resolves when no request is open. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelPause();
    await Promise.all([...this.#open, this.#errands.stop()]);
  }

  /** Whether validators of the head's set may have their stake back by now. */
  #isOld({ header }: ApplicationHead): boolean {
    const { options, clock } = this.#wiring;
    const { trustedForMs = Number.POSITIVE_INFINITY, checkpoint } = options;
    const isPast = checkpoint !== undefined && header.sequence >= checkpoint.sequence;
    const stated = Math.max(header.timestamp, isPast ? checkpoint.statedAt : 0);
    return clock.now() - stated > trustedForMs;
  }

  /** Whether peers are asked if they have the same: where there is neither recent history nor path. */
  #isCompared(head: ApplicationHead): boolean {
    const { options, head: first } = this.#wiring;
    const isNew = first.header.sequence === 0 && options.trustedForMs === undefined;
    return this.#path === undefined && (isNew || this.#isOld(head));
  }

  #compared(finalized: FinalizedBlock, head: ApplicationHead): Admission {
    const { sequence } = finalized.certificate;
    const isFirst = this.#comparedUpTo === 0;
    if (isFirst || sequence >= this.#comparedUpTo + COMPARED_EVERY) {
      this.#comparedUpTo = sequence;
      this.#begin(this.#compare(finalized, head));
    }
    // Only the first comparison is waited for: a peer that hangs costs its time once.
    return this.#firstCompared ? "go" : "wait";
  }

  async #compare(finalized: FinalizedBlock, head: ApplicationHead): Promise<void> {
    const { sequence } = finalized.certificate;
    const peers = Array.from({ length: COMPARED_WITH }, () => this.#nextPeer());
    const different = new Map(peers.flatMap((peer) => (peer ? [[toHex(peer), peer]] : [])));
    let answers = 0;
    const enough = (different.size * 2) / 3;
    await Promise.all(
      [...different.values()].map(async (peer) => {
        const response = await this.#ask(peer, { type: "blocks", from: sequence, count: 1 });
        const other = response?.type === "blocks" ? response.blocks[0] : undefined;
        if (other !== undefined && this.#isRival(other, finalized, head)) {
          const digests = [finalized, other].map((each) => toHex(each.certificate.digest));
          const reason = `blocks ${digests.join(" and ")} are both certified`;
          this.#halt("history-forked", sequence, reason);
        }
        answers += 1;
        // Who hangs may still object later.
        if (answers >= enough) this.#letGo();
        else if (answers === 1) this.#soon();
      }),
    );
    this.#letGo();
  }

  #isRival(other: FinalizedBlock, known: FinalizedBlock, head: ApplicationHead): boolean {
    const { genesis, verify } = this.#wiring;
    const { sequence, digest } = known.certificate;
    if (other.certificate.sequence !== sequence) return false;
    if (equalBytes(other.certificate.digest, digest)) return false;
    const { validators: set, previousValidators: previousSet } = head;
    const context = { genesis, set, previousSet, ...(verify === undefined ? {} : { verify }) };
    return findFinalizedDefect(other, context) === undefined;
  }

  #learn(path: Path, checkpoint: Checkpoint): void {
    const request = path.request();
    if (request === undefined) return this.#learnt(path, checkpoint);
    const { resendIntervalMs } = this.#wiring.config;
    const errand = this.#errands.run({
      request,
      kind: "large",
      isUrgent: () => true,
      mayAsk: () => true,
      take: (response) => {
        if (response.type === "absent") return "useless";
        return path.take(response) ? "done" : "wrong";
      },
      exhausted: (openCount) => {
        if (openCount > 0) return false;
        this.#cancelPause = this.#wiring.clock.schedule(resendIntervalMs, () => errand.again());
        return false;
      },
      ended: () => this.#learn(path, checkpoint),
    });
  }

  #learnt(path: Path, { sequence }: Checkpoint): void {
    const { head } = this.#wiring;
    if (path.meetsHead() !== true) {
      const reason = "the own blocks are not among those before it: join with an empty database";
      return this.#halt("checkpoint-contradicted", head.header.sequence, reason);
    }
    this.#say("path-known", sequence, "each block up to the checkpoint is known by its digest");
    this.#changed();
  }

  /** Lets others answer too, who are hardly slower than the first. */
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

  #nextPeer(): PeerName | undefined {
    const peers = this.#wiring.transport.peers();
    this.#turn += 1;
    return peers[this.#turn % Math.max(1, peers.length)];
  }

  #ask(peer: PeerName, request: SyncRequest): Promise<SyncResponse | undefined> {
    const limit = new AbortController();
    this.#stopping.signal.addEventListener("abort", () => limit.abort(), { once: true });
    const { transport, clock } = this.#wiring;
    return ask({ transport, clock, answerMs: this.#answerMs }, peer, request, limit);
  }

  #begin(work: Promise<void>): void {
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

function namesOf({ validators }: ApplicationHead): ReadonlySet<string> {
  return new Set(validators.validators.map(({ id }) => toHex(id)));
}
