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

/** One fact that a replica must not forget before a signature that rests on it leaves. */
export const SigningEntry = union("SigningEntry", {
  /** Nothing is signed at this sequence or below any more, whatever the application says. */
  floor: struct("FloorEntry", { sequence }),
  /** The signing state was lost: nothing is signed before a block younger than this is final. */
  listen: struct("ListenEntry", { since: timestamp }),
  proposal: struct("ProposalEntry", Signed),
  vote: struct("VoteEntry", { phase: Phase, ...Signed }),
  "view-change": ViewChangeEntry,
  prepared: struct("PreparedEntry", { certificate: QuorumCertificate }),
  block: struct("BlockEntry", { block: Block }),
  /** Found by this replica, and in no final block yet. */
  evidence: struct("EvidenceEntry", { evidence: Evidence }),
});
export type SigningEntry = Infer<typeof SigningEntry>;

/** One append to the signing log: all that one `persist` effect makes durable, in one write. */
export const SigningRecord: Codec<{ readonly entries: readonly SigningEntry[] }> = struct(
  "SigningRecord",
  { entries: list(SigningEntry, 16) },
);
export type SigningRecord = Infer<typeof SigningRecord>;

/** All entries of a log in order. @throws PbftError `SIGNING_RECORD` naming the first bad one. */
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

/** The sequence that an entry is about, or undefined for those about none. */
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

/** A digest with the view it was signed in. */
export interface SignedDigest {
  readonly view: Infer<typeof view>;
  readonly digest: Digest;
}
