import {
  Block,
  type Digest,
  Evidence,
  type Infer,
  ModelsError,
  Phase,
  QuorumCertificate,
  type Sequence,
  ViewChangeBody,
} from "@aethel/models";
import {
  type Codec,
  digest,
  list,
  optional,
  sequence,
  struct,
  timestamp,
  union,
  view,
} from "@aethel/models/codec";
import { PbftError } from "./errors.ts";

const Signed = { sequence, view, digest };

const ViewChangeEntry: Codec<{
  readonly body: ViewChangeBody;
  readonly prepareCertificate: QuorumCertificate | undefined;
}> = struct("ViewChangeEntry", {
  body: ViewChangeBody,
  prepareCertificate: optional(QuorumCertificate),
});

/**
 * Fact that a replica must not forget. It is durable before the replica sends a signature that
 * depends on it.
 */
export const SigningEntry = union("SigningEntry", {
  /** Sequence up to which nothing is signed any more, whatever the application's head is. */
  floor: struct("FloorEntry", { sequence }),
  /**
   * Start of listening: the signing state was lost or is in doubt, so nothing is signed until the
   * listening that began at `since` has ended.
   */
  listen: struct("ListenEntry", { since: timestamp }),
  proposal: struct("ProposalEntry", Signed),
  vote: struct("VoteEntry", { phase: Phase, ...Signed }),
  "view-change": ViewChangeEntry,
  prepared: struct("PreparedEntry", { certificate: QuorumCertificate }),
  block: struct("BlockEntry", { block: Block }),
  /** Evidence that this replica has found and that no final block includes yet. */
  evidence: struct("EvidenceEntry", { evidence: Evidence }),
});
export type SigningEntry = Infer<typeof SigningEntry>;

/** Record of the signing log: all entries that one `persist` effect makes durable, in one write. */
export const SigningRecord: Codec<{ readonly entries: readonly SigningEntry[] }> = struct(
  "SigningRecord",
  { entries: list(SigningEntry, 16) },
);
export type SigningRecord = Infer<typeof SigningRecord>;

/**
 * Returns all entries of a log in order.
 * @throws PbftError `SIGNING_RECORD` naming the first record that cannot be decoded.
 */
export function decodeSigningLog(records: readonly Uint8Array[]): readonly SigningEntry[] {
  return records.flatMap((bytes, index) => {
    try {
      return SigningRecord.decode(bytes).entries;
    } catch (cause) {
      if (!(cause instanceof ModelsError)) throw cause;
      throw new PbftError({ code: "SIGNING_RECORD", index, reason: cause.message }, { cause });
    }
  });
}

/** Returns the sequence of an entry; undefined for entries without one. */
export function sequenceOfEntry(entry: SigningEntry): Sequence | undefined {
  switch (entry.type) {
    case "floor":
    case "proposal":
    case "vote":
      return entry.sequence;
    case "view-change":
      return entry.body.sequence;
    case "prepared":
      return entry.certificate.sequence;
    case "block":
      return entry.block.header.sequence;
    case "listen":
    case "evidence":
      return undefined;
  }
}

/** Signed digest, and the view in which it was signed. */
export interface SignedDigest {
  readonly view: Infer<typeof view>;
  readonly digest: Digest;
}
