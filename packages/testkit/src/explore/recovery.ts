import {
  type AccountId,
  type ConsensusMessage,
  equalBytes,
  type FinalizedBlock,
  toHex,
} from "@aethel/models";
import {
  type Effect,
  type Occurrence,
  type SigningEntry,
  type State,
  signerOf,
  type TimerName,
} from "@aethel/pbft";
import { createDoubleSigningChecker } from "../checkers/double-signing.ts";
import { createRandom, type Random } from "../random.ts";
import { describeMessage } from "../trace/describe.ts";
import { idOf, type SmallChain } from "./chain.ts";
import type { EngineState, SmallScope } from "./engine-state.ts";
import { reactorOf } from "./engine-world.ts";
import { committedBy, type ExploredEngine, type Reaction, type Reactor } from "./reaction.ts";

/**
 * Fate of all messages that were sent before faults were switched off: `lost` (none arrives any
 * more) or `late` (all of them still arrive).
 */
export type Mail = "lost" | "late";

/**
 * Event that one honest node goes through before a run without faults: nothing, a restart, or a
 * restart with an empty database but its signing log.
 */
export type Restart = "none" | "restart" | "database-lost";

/** Outcome of a run without faults, played on from an explored state. */
export type Recovery =
  | {
      readonly type: "recovered";
      /**
       * Greatest number of views that a sequence took beyond the highest view that an honest node
       * was already in.
       */
      readonly views: number;
      readonly virtualMs: number;
    }
  | { readonly type: "stuck"; readonly reason: string; readonly log: readonly string[] };

/**
 * Scope, engine and chain of a continuation (a run on from an explored state, with all faults off).
 */
export interface RecoverySetting {
  readonly scope: SmallScope;
  readonly engine: ExploredEngine;
  readonly chain: SmallChain;
}

/** Longest delay of a message in milliseconds: half of what the parameters of the chain allow. */
const DELAY_MS = 250;
/**
 * Greatest number of views that a run without faults may take. With four nodes, the silent
 * Byzantine node leads at most two turns in a row.
 */
const VIEWS_MAX = 8;
const VIRTUAL_MS_MAX = 600_000;

/**
 * Continues from a state with all faults off: the Byzantine node is silent, all new messages
 * arrive, timers run out in order, and every node that asks for a block gets it. Each honest node
 * must then finalize all sequences of the scope, and nobody may contradict what was said before.
 * Delays, the time that each timer has run already, and the node that restarts are drawn with
 * `seed`.
 */
export function recover(
  setting: RecoverySetting,
  from: EngineState,
  options: { readonly mail: Mail; readonly restart?: Restart; readonly seed: string },
): Recovery {
  const play = new Play(setting, from, createRandom(options.seed));
  try {
    play.begin(options.mail);
    play.restart(options.restart ?? "none");
    const complaint = play.run();
    if (complaint === undefined) return play.outcome();
    return { type: "stuck", reason: `${complaint}: ${play.describe()}`, log: play.log };
  } catch (error) {
    return { type: "stuck", reason: String(error), log: play.log };
  }
}

interface Player {
  readonly index: number;
  readonly id: AccountId;
  readonly reactor: Reactor;
  state: State;
  /**
   * Running timers. Each value identifies the last start of its timer. When an earlier start runs
   * out it is ignored, since that start was stopped.
   */
  readonly timers: Map<TimerName, symbol>;
  readonly finals: Map<number, FinalizedBlock>;
}

/**
 * One run on from an explored state, with all faults off: virtual time, and the list of what is
 * due.
 */
class Play {
  readonly log: string[] = [];
  readonly #setting: RecoverySetting;
  readonly #from: EngineState;
  readonly #random: Random;
  readonly #players: readonly Player[];
  readonly #base: ReadonlyMap<number, number>;
  readonly #decided = new Map<number, { readonly hex: string; readonly view: number }>();
  readonly #honesty = createDoubleSigningChecker();
  readonly #logs: SigningEntry[][];
  #agenda: { readonly atMs: number; readonly run: () => void }[] = [];
  #nowMs = 0;

  constructor(setting: RecoverySetting, from: EngineState, random: Random) {
    this.#setting = setting;
    this.#from = from;
    this.#random = random;
    this.#players = playersOf(setting, from);
    this.#base = highestViews(this.#players);
    this.#logs = from.logs.map((entries) => [...entries]);
    for (const message of from.soup) this.#checkSaid(message);
  }

  begin(mail: Mail): void {
    const { chain } = this.#setting;
    for (const player of this.#players) {
      for (const [timer, delayMs] of this.#from.timers[player.index] ?? []) {
        this.#startTimer(player, timer, this.#random.below(delayMs + 1));
      }
      const block = player.finals.get(player.state.sequence);
      if (block !== undefined) this.#give(player, committedBy(chain, block), "applies its block");
    }
    if (mail === "late") for (const message of this.#from.soup) this.#spread(message);
  }

  /** Restarts a random node, unless `restart` is `none`. Its timers are gone. */
  restart(restart: Restart): void {
    if (restart === "none") return;
    const player = this.#random.pick(this.#players);
    const { chain } = this.#setting;
    const isLost = restart === "database-lost";
    player.timers.clear();
    if (isLost) player.finals.clear();
    const head = isLost ? chain.head : player.state.head;
    const entries = this.#logs[player.index] ?? [];
    this.log.push(`${this.#nowMs} ms: ${player.index} restarts, ${restart}`);
    this.#follow(player, player.reactor.start({ head, entries, now: chain.nowMs + this.#nowMs }));
  }

  /**
   * Runs until all nodes have finalized the last sequence. Returns what went wrong, or undefined.
   */
  run(): string | undefined {
    const last = this.#setting.scope.powers.length;
    while (this.#players.some(({ state }) => state.head.header.sequence < last)) {
      const next = this.#agenda.reduce((first, each) => (each.atMs < first.atMs ? each : first), {
        atMs: Number.POSITIVE_INFINITY,
        run: () => {},
      });
      if (next.atMs === Number.POSITIVE_INFINITY) return "nothing is going to happen any more";
      if (next.atMs > VIRTUAL_MS_MAX) return "no end within ten virtual minutes";
      this.#agenda = this.#agenda.filter((each) => each !== next);
      this.#nowMs = next.atMs;
      next.run();
    }
    const views = this.#views();
    return views > VIEWS_MAX ? `it took ${views} views` : undefined;
  }

  outcome(): Recovery {
    return { type: "recovered", views: this.#views(), virtualMs: this.#nowMs };
  }

  describe(): string {
    return this.#players
      .map(({ index, state }) => `${index} at s${state.sequence} v${state.view} ${state.phase}`)
      .join(", ");
  }

  #views(): number {
    const last = this.#setting.scope.powers.length;
    const taken = [...this.#decided].flatMap(([sequence, { view }]) =>
      sequence > last ? [] : [view - (this.#base.get(sequence) ?? 0)],
    );
    return Math.max(0, ...taken);
  }

  #give(player: Player, occurrence: Occurrence, title: string): void {
    this.log.push(`${this.#nowMs} ms: ${player.index} ${title}`);
    const { chain } = this.#setting;
    this.#follow(
      player,
      player.reactor.react(player.state, [occurrence], chain.nowMs + this.#nowMs),
    );
  }

  #follow(player: Player, reaction: Reaction): void {
    player.state = reaction.state;
    for (const { sequence, view, digest, finalized } of reaction.decided) {
      const hex = toHex(digest);
      const before = this.#decided.get(sequence) ?? { hex, view };
      const earlier = this.#from.final[sequence - 1]?.certificate.digest;
      if (before.hex !== hex || (earlier !== undefined && toHex(earlier) !== hex)) {
        throw new Error(`two blocks are final at sequence ${sequence}`);
      }
      if (!this.#from.final[sequence - 1]) this.#decided.set(sequence, before);
      player.finals.set(sequence, finalized);
    }
    for (const message of reaction.said) {
      this.#checkSaid(message);
      this.#spread(message);
    }
    for (const effect of reaction.left) this.#perform(player, effect);
  }

  #checkSaid(message: ConsensusMessage): void {
    const reason = this.#honesty.observe({ type: "said", node: signerOf(message), message });
    if (reason !== undefined) throw new Error(reason);
  }

  #perform(player: Player, effect: Effect): void {
    switch (effect.type) {
      case "persist":
        this.#logs[player.index]?.push(...effect.entries);
        return;
      case "broadcast":
        return this.#spread(effect.message);
      case "start-timer":
        return this.#startTimer(player, effect.timer, effect.delayMs);
      case "stop-timer":
        player.timers.delete(effect.timer);
        return;
      case "ask-heads":
        for (const other of this.#players) this.#askHead(player, other);
        return;
      case "tell-head":
        for (const other of this.#players) {
          if (equalBytes(other.id, effect.to)) this.#askHead(player, other);
        }
        return;
      case "fetch-blocks":
        return this.#soon(() => this.#serve(player));
      default:
        return;
    }
  }

  #startTimer(player: Player, timer: TimerName, delayMs: number): void {
    const start = Symbol(timer);
    player.timers.set(timer, start);
    const run = (): void => {
      if (player.timers.get(timer) !== start) return;
      player.timers.delete(timer);
      this.#give(player, { type: "timeout", timer }, `times out: ${timer}`);
    };
    this.#agenda.push({ atMs: this.#nowMs + delayMs, run });
  }

  #soon(run: () => void): void {
    this.#agenda.push({ atMs: this.#nowMs + 1 + this.#random.below(DELAY_MS), run });
  }

  #spread(message: ConsensusMessage): void {
    const signer = signerOf(message);
    const from = this.#players.find(({ index }) => index === signer)?.id;
    const title = `hears ${describeMessage(message)}`;
    for (const other of this.#players) {
      if (other.index === signer) continue;
      this.#soon(() => this.#give(other, { type: "message", message, from }, title));
    }
  }

  /** Exchanges the heads of two nodes: the one that is behind learns that the other is ahead. */
  #askHead(asker: Player, asked: Player): void {
    if (asker === asked) return;
    this.#soon(() => {
      const known = asker.state.head.header.sequence;
      const { sequence } = asked.state.head.header;
      const [behind, peer, at] =
        known > sequence ? [asked, asker, known] : [asker, asked, sequence];
      if (known === sequence) return;
      const title = `learns that ${peer.index} is at ${at}`;
      this.#give(
        behind,
        { type: "ahead", sequence: peer.state.head.header.sequence, peer: peer.id },
        title,
      );
    });
  }

  /** Gives a node the final blocks that it lacks, from any node that has them. */
  #serve(player: Player): void {
    for (;;) {
      const { sequence } = player.state;
      const finalized = this.#players
        .map(({ finals }) => finals.get(sequence))
        .find((block) => block !== undefined);
      if (finalized === undefined) return;
      this.#give(player, { type: "finalized", finalized }, `fetches block ${sequence}`);
      if (player.state.sequence === sequence) return;
    }
  }
}

function playersOf(
  { scope, engine, chain }: RecoverySetting,
  from: EngineState,
): readonly Player[] {
  return from.nodes.flatMap((state, index) => {
    if (state === undefined || index === scope.byzantine) return [];
    const reactor = reactorOf({ engine, chain, node: index, last: Number.POSITIVE_INFINITY });
    const finals = new Map<number, FinalizedBlock>();
    for (const [at, block] of from.final.entries()) {
      if (block !== undefined && (from.done[index] ?? 0) > at) finals.set(at + 1, block);
    }
    const id = idOf(chain.setOf(1), index);
    return [{ index, id, reactor, state, timers: new Map<TimerName, symbol>(), finals }];
  });
}

/**
 * Returns, for each sequence at which a node is now, the highest view of the honest nodes there.
 */
function highestViews(players: readonly Player[]): ReadonlyMap<number, number> {
  const highest = new Map<number, number>();
  for (const { state } of players) {
    const { sequence, view } = state;
    highest.set(sequence, Math.max(view, highest.get(sequence) ?? 0));
  }
  return highest;
}
