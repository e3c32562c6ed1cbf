import {
  type AccountId,
  type ConsensusMessage,
  type Digest,
  equalBytes,
  indexOfValidator,
  type SyncResponse,
  signableHead,
  toDigest,
  toHex,
  type VerifySigned,
  validatorAt,
  verifySigned,
} from "@aethel/models";
import type { Effect } from "../effect.ts";
import type { Occurrence } from "../input.ts";
import type { Clock, Transport } from "../ports.ts";
import type { State } from "../state.ts";

/** Most requests for signed heads that are pending at the same time. */
const OPEN_MAX = 16;

/** Asks validators for signed heads, for a replica that listens. */
export interface HeadQuestions {
  ask(effect: Extract<Effect, { readonly type: "ask-signed-heads" }>): void;
  /**
   * Handles a peer that became reachable. If its signed head is missing, asks for it immediately.
   */
  connected(peer: AccountId): void;
  stop(): Promise<void>;
}

/** Parts of the driver that asking for signed heads uses. */
interface HeadQuestionOptions {
  readonly transport: Pick<Transport, "request">;
  readonly clock: Clock;
  readonly genesis: Digest;
  readonly id: AccountId;
  readonly verify: VerifySigned | undefined;
  /** Returns 32 fresh bytes at each call, for a nonce. */
  readonly random: () => Uint8Array;
  /** Milliseconds after which a pending request for a signed head is given up. */
  readonly answerMs: number;
  readonly state: () => State | undefined;
  /**
   * Takes a message that came with an answer. It must still be authenticated, like any other
   * message.
   */
  readonly receive: (message: ConsensusMessage) => void;
  readonly input: (occurrence: Occurrence) => void;
}

/** Creates the part that asks for signed heads over a transport. */
export function createHeadQuestions(options: HeadQuestionOptions): HeadQuestions {
  const { transport, genesis, id, verify = verifySigned } = options;
  const open = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let nonce: Digest | undefined;
  let listening = false;
  let waiting: readonly AccountId[] = [];

  const take = (validator: AccountId, asked: Digest, response: SyncResponse): void => {
    const state = options.state();
    if (response.type !== "signed-head" || asked !== nonce || state === undefined) return;
    const { sequence, digest, signature, seen } = response;
    const key = keyOf(state, validator);
    if (key === undefined || !equalBytes(response.validator, validator)) return;
    const object = signableHead(genesis, { nonce: asked, sequence, digest });
    if (!verify(key, object, signature)) return;
    for (const message of seen) options.receive(message);
    waiting = waiting.filter((other) => !equalBytes(other, validator));
    options.input({ type: "signed-head", validator, sequence });
  };
  const askOne = async (validator: AccountId, asked: Digest): Promise<void> => {
    const limit = limitAnswer(options, stopping.signal);
    try {
      const request = { type: "signed-head", nonce: asked, validator: id, listening } as const;
      const answer = transport.request(validator, request, limit.signal);
      const response = await Promise.race([answer, aborted(limit.signal)]);
      if (response !== undefined && !stopping.signal.aborted) take(validator, asked, response);
    } catch {
      // Not reachable now; it is asked again with the next round.
    } finally {
      limit.end();
    }
  };
  const start = (validator: AccountId): void => {
    const name = toHex(validator);
    if (nonce === undefined || stopping.signal.aborted || open.has(name)) return;
    const work = askOne(validator, nonce).finally(() => {
      open.delete(name);
      next();
    });
    open.set(name, work);
  };
  const next = (): void => {
    for (const validator of queue.splice(0, Math.max(0, OPEN_MAX - open.size))) start(validator);
  };
  const queue: AccountId[] = [];

  return {
    ask(effect) {
      if (effect.fresh || nonce === undefined) nonce = toDigest(options.random());
      listening = effect.listening;
      waiting = effect.of;
      queue.splice(0, queue.length, ...effect.of);
      next();
    },
    connected(peer) {
      if (options.state()?.listening === undefined) return;
      if (!waiting.some((validator) => equalBytes(validator, peer))) return;
      queue.unshift(peer);
      next();
    },
    async stop() {
      stopping.abort();
      queue.length = 0;
      await Promise.all(open.values());
    },
  };
}

/** Returns a signal that aborts when `stopping` does, or when an answer takes too long. */
function limitAnswer(
  { clock, answerMs }: Pick<HeadQuestionOptions, "clock" | "answerMs">,
  stopping: AbortSignal,
): { readonly signal: AbortSignal; end(): void } {
  const limit = new AbortController();
  const giveUp = (): void => limit.abort();
  stopping.addEventListener("abort", giveUp);
  const cancel = clock.schedule(answerMs, giveUp);
  return {
    signal: limit.signal,
    end() {
      cancel();
      stopping.removeEventListener("abort", giveUp);
    },
  };
}

/**
 * Returns the key with which a validator signs its answer: its key in the current set, or else in
 * the previous one. Undefined if it is in neither.
 */
function keyOf({ head }: State, validator: AccountId) {
  for (const set of [head.validators, head.previousValidators]) {
    const index = indexOfValidator(set, validator);
    if (index !== undefined) return validatorAt(set, index)?.key;
  }
  return undefined;
}

/** Resolves to undefined when the signal aborts. */
function aborted(signal: AbortSignal): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  if (signal.aborted) resolve(undefined);
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}
