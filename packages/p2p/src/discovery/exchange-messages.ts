import { boundedBytes, type Codec, list, natural, struct } from "@aethel/models/codec";
import { RECORD_BYTES_MAX } from "./peer-record.ts";

/** Most records that an answer can carry. */
export const ANSWER_RECORDS_MAX = 64;

/** Request of peer exchange. */
export interface PeersRequest {
  /** Number of records that the asker wants. */
  readonly count: number;
  /** Signed record of the asker. Empty if it has no address. */
  readonly own: Uint8Array;
}

/** Codec of a request for peers. */
export const PeersRequest: Codec<PeersRequest> = struct("PeersRequest", {
  count: natural(1),
  own: boundedBytes(RECORD_BYTES_MAX),
});

/** Answer of peer exchange: records that their peers signed. */
export interface PeersAnswer {
  readonly records: readonly Uint8Array[];
}

/** Codec of an answer with peers. */
export const PeersAnswer: Codec<PeersAnswer> = struct("PeersAnswer", {
  records: list(boundedBytes(RECORD_BYTES_MAX), ANSWER_RECORDS_MAX),
});
