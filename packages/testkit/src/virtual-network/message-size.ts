import { ConsensusMessage, SyncResponse } from "@aethel/models";

/**
 * Bytes that are assumed for a request, and for any other small message without a size of its own.
 */
export const REQUEST_BYTES = 64;

const sizes = new WeakMap<object, number>();

/** Returns the size of a message in bytes. Nodes share message objects, so each is encoded once. */
export function bytesOfMessage(message: ConsensusMessage): number {
  return sizeOf(message, () => ConsensusMessage.encode(message).length);
}

/** Returns the size of an answer in bytes. */
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
