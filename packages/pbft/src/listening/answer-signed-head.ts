import {
  type Digest,
  equalBytes,
  type Signer,
  type SyncRequest,
  type SyncResponse,
  signableHead,
} from "@aethel/models";
import { signerFor } from "../own-key.ts";
import { sequenceOfEntry } from "../record.ts";
import { isListening, type State } from "../state.ts";
import { messagesOf } from "./seen.ts";

/**
 * Answers a listening replica with this replica's head, signed together with the asker's nonce.
 * Answers `absent` if this replica does not sign in the current set. Also answers `absent` if a
 * signed head would prove less than it says: if this replica listens after a loss, if it has just
 * started and the asker listens, or if its database has fewer blocks than its signing log refers
 * to.
 */
export function answerSignedHead(options: {
  readonly request: Extract<SyncRequest, { readonly type: "signed-head" }>;
  readonly state: State;
  readonly genesis: Digest;
  readonly signers: readonly Signer[];
  readonly id: Parameters<typeof signerFor>[1];
}): SyncResponse {
  const { request, state, genesis, signers, id } = options;
  const { nonce, validator } = request;
  const { digest } = state.head;
  const { sequence } = state.head.header;
  const signer = signerFor(signers, id, state.head.validators);
  if (signer === undefined || !canAnswer(state, request.listening) || equalBytes(validator, id)) {
    return { type: "absent", head: sequence };
  }
  const signature = signer.sign(signableHead(genesis, { nonce, sequence, digest }));
  const seen = messagesOf(state, validator);
  return { type: "signed-head", validator: id, sequence, digest, signature, seen };
}

function canAnswer(state: State, listening: boolean): boolean {
  const { stopped, head, floor, kept } = state;
  const { sequence } = head.header;
  const isUnsure = isListening(state) || (listening && state.listening !== undefined);
  const isBehind =
    sequence < floor || kept.some((entry) => (sequenceOfEntry(entry) ?? 0) > sequence + 1);
  return !stopped && !isUnsure && !isBehind;
}
