import {
  type AccountId,
  concatBytes,
  type Digest,
  type PublicKey,
  type Signable,
  type Signature,
  type Signer,
  SyncRequest,
  sha256,
  verifySigned,
} from "@aethel/models";
import {
  accountId,
  boundedBytes,
  type Codec,
  fixedBytes,
  natural,
  publicKey,
  signature,
  struct,
} from "@aethel/models/codec";

/** Request of one validator to another, signed by the asker, so that sentries can pass it on. */
export interface RelayedRequest {
  readonly from: AccountId;
  readonly key: PublicKey;
  readonly to: AccountId;
  /** Random bytes, so that nobody can repeat the request. */
  readonly nonce: Uint8Array;
  readonly request: SyncRequest;
  readonly signature: Signature;
}

const fields = {
  from: accountId,
  key: publicKey,
  to: accountId,
  nonce: fixedBytes<Uint8Array>(16),
  request: SyncRequest,
};
const RequestBody = struct("RelayedRequestBody", fields);

/** Frame of a relayed request. `hops`: how many sentries may still pass it on. */
export const RelayFrame: Codec<{ readonly hops: number; readonly asked: RelayedRequest }> = struct(
  "RelayFrame",
  { hops: natural(1, 2), asked: struct("RelayedRequest", { ...fields, signature }) },
);

/** Most bytes of a relayed answer beside the answer itself. */
const ANSWER_OVERHEAD = 256;

/** Answer to a relayed request, signed by the validator that was asked. */
export interface RelayedAnswer {
  /** Encoded `SyncResponse`. */
  readonly answer: Uint8Array;
  readonly signature: Signature;
}

/** Returns the codec of answers of at most `bytesMax` bytes. */
export function relayedAnswer(bytesMax: number): Codec<RelayedAnswer> {
  return struct("RelayedAnswer", { answer: boundedBytes(bytesMax), signature });
}

/** Returns the most bytes of an encoded answer. */
export function relayedAnswerBytesMax(bytesMax: number): number {
  return bytesMax + ANSWER_OVERHEAD;
}

function signableRequest(genesis: Digest, asked: Omit<RelayedRequest, "signature">): Signable {
  return { tag: "relayed-request", genesis, bytes: RequestBody.encode(asked) };
}

/** Signs a request. */
export function createRelayedRequest(options: {
  readonly genesis: Digest;
  readonly from: AccountId;
  readonly signer: Signer;
  readonly to: AccountId;
  readonly nonce: Uint8Array;
  readonly request: SyncRequest;
}): RelayedRequest {
  const { genesis, from, signer, to, nonce, request } = options;
  const body = { from, key: signer.publicKey, to, nonce, request };
  return { ...body, signature: signer.sign(signableRequest(genesis, body)) };
}

/** Whether the key that a request names has signed it. */
export function isRequestSigned(genesis: Digest, asked: RelayedRequest): boolean {
  const { signature: proof, ...body } = asked;
  return verifySigned(asked.key, signableRequest(genesis, body), proof);
}

/** Returns what the asked validator signs: the request that it answers, and its answer. */
export function signableAnswer(
  genesis: Digest,
  asked: RelayedRequest,
  answer: Uint8Array,
): Signable {
  const { signature: _, ...body } = asked;
  const bytes = concatBytes(sha256(RequestBody.encode(body)), sha256(answer));
  return { tag: "relayed-answer", genesis, bytes };
}
