import {
  type AccountId,
  equalBytes,
  type Sequence,
  type SyncRequest,
  type SyncResponse,
  toSequence,
} from "@aethel/models";
import type { Inbox } from "../inbox/inbox.ts";
import type { Occurrence } from "../input.ts";
import type { ReplicaEvent } from "../interface/replica-event.ts";
import type { ReplicaOptions } from "../interface/replica-options.ts";
import { answerSignedHead } from "../listening/answer-signed-head.ts";
import { signersOf } from "../own-key.ts";
import { keepHighest } from "../peers/kept-block.ts";
import { answerRequest } from "../peers/serve.ts";
import type { State } from "../state.ts";
import { isWelcomeEvidence } from "./evidence-exchange.ts";

/** Answers the requests of peers, and passes on what these reveal, such as a peer's head. */
export interface Answering {
  answer(request: SyncRequest, from: AccountId | undefined): Promise<SyncResponse>;
  /** Resolves when no answer is in progress. */
  settled(): Promise<unknown>;
}

/**
 * Creates the part that answers requests, from the state and the application. `state` returns
 * undefined before the replica's start and after its end.
 */
export function createAnswering(options: {
  readonly options: Pick<
    ReplicaOptions,
    "application" | "genesis" | "verify" | "id" | "signer" | "signers"
  >;
  readonly state: () => State | undefined;
  /** Handles the head that a peer, which the transport has authenticated, claims to have. */
  readonly heard: (peer: AccountId, height: Sequence) => void;
  /** Charges a peer's budget for the signatures that its request causes. */
  readonly afford: Inbox["afford"];
  readonly input: (occurrence: Occurrence) => void;
  readonly emit: (event: ReplicaEvent) => void;
}): Answering {
  const { input, emit } = options;
  const { genesis, verify, id } = options.options;
  const application = keepHighest(options.options.application);
  const running = new Set<Promise<unknown>>();

  const learn = (request: SyncRequest, state: State, from: AccountId | undefined): void => {
    if (request.type === "head" && request.known > state.head.header.sequence) {
      if (from !== undefined) options.heard(from, request.known);
      input({ type: "ahead", sequence: request.known, peer: from });
    }
    if (request.type === "signed-head" && request.listening && isBy(request.validator, from)) {
      input({ type: "listener", validator: request.validator });
    }
    if (request.type !== "evidence" || from === undefined) return;
    const { item } = request;
    const look = (): boolean => isWelcomeEvidence({ item, from, state, genesis, verify });
    if (options.afford(from, 0, look) === true) input({ type: "evidence", evidence: item, from });
  };

  return {
    async answer(request, from) {
      const state = options.state();
      if (state === undefined) return { type: "absent", head: toSequence(0) };
      learn(request, state, from);
      const absent = { type: "absent", head: state.head.header.sequence } as const;
      if (request.type === "signed-head") {
        const signers = signersOf(options.options);
        const sign = () => answerSignedHead({ request, state, genesis, id, signers });
        return options.afford(from, 1, sign) ?? absent;
      }
      const answer = answerRequest({ request, state, application }).catch((error: unknown) => {
        emit({ type: "application-failed", call: "finalized", error });
        return absent;
      });
      running.add(answer);
      return answer.finally(() => running.delete(answer));
    },
    settled: () => Promise.all(running),
  };
}

/** Whether the transport has authenticated the asker as this validator. */
function isBy(validator: AccountId, from: AccountId | undefined): boolean {
  return from !== undefined && equalBytes(validator, from);
}
