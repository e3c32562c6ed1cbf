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
 * One fact that a replica must not forget. It is durable before a signature that rests on it is
 * sent.
 */
export const SigningEntry = union("SigningEntry", {
  /** Nothing is signed at this sequence or below any more, whatever the application says. */
  floor: struct("FloorEntry", { sequence }),
  /**
   * The signing state was lost or is in doubt: nothing is signed until the listening that began at
   * `since` is over.
   */
  listen: struct("ListenEntry", { since: timestamp }),
  proposal: struct("ProposalEntry", Signed),
  vote: struct("VoteEntry", { phase: Phase, ...Signed }),
  "view-change": ViewChangeEntry,
  prepared: struct("PreparedEntry", { certificate: QuorumCertificate }),
  block: struct("BlockEntry", { block: Block }),
  /** Evidence that this replica has found and that no final block holds yet. */
  evidence: struct("EvidenceEntry", { evidence: Evidence }),
});
export type SigningEntry = Infer<typeof SigningEntry>;

/** One append to the signing log: all that one `persist` effect makes durable, in one write. */
export const SigningRecord: Codec<{ readonly entries: readonly SigningEntry[] }> = struct(
  "SigningRecord",
  { entries: list(SigningEntry, 16) },
);
export type SigningRecord = Infer<typeof SigningRecord>;

/**
 * Returns all entries of a log in order.
 * @throws PbftError `SIGNING_RECORD` naming the first bad one.
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

/** Returns the sequence that an entry is about; undefined for those about none. */
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

/** A digest, and the view in which it was signed. */
export interface SignedDigest {
  readonly view: Infer<typeof view>;
  readonly digest: Digest;
}
