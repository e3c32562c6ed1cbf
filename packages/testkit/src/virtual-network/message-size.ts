import { ConsensusMessage, SyncResponse } from "@aethel/models";

/** A request, or anything else that is small and of no fixed form. */
export const REQUEST_BYTES = 64;

const sizes = new WeakMap<object, number>();

/** Bytes of a message on the wire. Objects are shared by all nodes of a world: each is encoded once. */
export function bytesOfMessage(message: ConsensusMessage): number {
  return sizeOf(message, () => ConsensusMessage.encode(message).length);
}

/** Bytes of an answer on the wire. */
export function bytesOfResponse(response: SyncResponse): number {
  return sizeOf(response, () => SyncResponse.encode(response).length);
}

function sizeOf(value: object, measure: () => number): number {
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = measure();
  sizes.set(value, size);
  return size;
}
