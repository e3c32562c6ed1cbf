import type { AccountId, ConsensusMessage, Digest, Item } from "@aethel/models";
import type { Config } from "../config.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import type { Joining } from "../joining/joining.ts";
import { createHeadQuestions, type HeadQuestions } from "../listening/ask-signed-heads.ts";
import { randomNonce } from "../listening/nonce.ts";
import { ownMessage } from "../listening/seen.ts";
import type { Fetcher } from "../peers/fetcher.ts";
import type { Clock, Transport } from "../ports.ts";
import type { State } from "../state.ts";
import { type Answering, createAnswering } from "./answering.ts";
import { createFetching } from "./fetching.ts";

/** Part of the driver that sends requests to single peers and answers theirs. */
export interface PeerSide {
  readonly answering: Answering;
  readonly fetcher: Fetcher;
  readonly questions: HeadQuestions;
  /** Handles a peer that became reachable: asks for its head. */
  connected(peer: AccountId): void;
  /** Sends no more requests. Resolves when none is pending. */
  stop(): Promise<void>;
}

/** Creates the part of the driver that communicates with single peers. */
export function createPeerSide(wiring: {
  readonly config: Config;
  readonly options: ReplicaOptions;
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  /** Returns the state. Undefined before the replica's start and after its end. */
  readonly state: () => State | undefined;
  readonly admit: Joining["admit"];
  readonly afford: Inbox["afford"];
  readonly receive: (message: ConsensusMessage) => void;
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
  readonly onBroken: (error: unknown) => void;
}): PeerSide {
  const { config, options, state } = wiring;
  const { genesis, id, verify, random = randomNonce } = options;
  const item = (hash: Digest): Item | undefined => {
    try {
      return options.application.item?.(hash);
    } catch (error) {
      wiring.emit({ type: "application-failed", call: "item", error });
      return undefined;
    }
  };
  const fetcher = createFetching({ ...wiring, item });
  const answering = createAnswering({
    ...wiring,
    heard: (peer, height) => fetcher.heard(peer, height),
  });
  const answerMs = 4 * config.resendIntervalMs;
  const receive = (message: ConsensusMessage): void => {
    const now = state();
    const own = now === undefined ? undefined : ownMessage(now, id, message);
    if (own !== undefined) wiring.receive(own);
  };
  const asking = { ...wiring, genesis, id, verify, random, answerMs, receive };
  const questions = createHeadQuestions(asking);
  return {
    answering,
    fetcher,
    questions,
    connected(peer) {
      const head = state()?.head;
      if (head === undefined) return;
      fetcher.askHeads(head.header.sequence, peer);
      questions.connected(peer);
    },
    async stop() {
      await Promise.all([fetcher.stop(), questions.stop()]);
    },
  };
}
