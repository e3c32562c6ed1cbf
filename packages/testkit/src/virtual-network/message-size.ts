import { ConsensusMessage, SyncResponse } from "@aethel/models";

/** Size of a request, or of anything else that is small and has no fixed form. */
export const REQUEST_BYTES = 64;

const sizes = new WeakMap<object, number>();

/**
 * Returns the bytes of a message on the wire. All nodes of a world share objects, so each is
 * encoded once.
 */
export function bytesOfMessage(message: ConsensusMessage): number {
  return sizeOf(message, () => ConsensusMessage.encode(message).length);
}

/** Returns the bytes of an answer on the wire. */
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
