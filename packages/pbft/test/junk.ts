import {
  blockDigest,
  type ConsensusMessage,
  outlineOf,
  sha256,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
  WIRE_VERSION,
} from "@aethel/models";
import type { ApplicationHead, Statement } from "../src/index.ts";
import type { ClusterView } from "./cluster-view.ts";

/**
 * Messages that a flooder may sign, all of them authentic: two votes of each phase, a request and a
 * proposal, never the same twice, at the current sequence and around it.
 */
export function junk(
  cluster: ClusterView,
  options: { readonly from: number; readonly serial: number; readonly head: ApplicationHead },
): readonly ConsensusMessage[] {
  const { from, serial, head } = options;
  const voter = toValidatorIndex(from);
  const at = head.header.sequence + (serial % 5 === 0 ? 2 : 1);
  const sequence = toSequence(at);
  const view = toView(serial);
  const digests = [0, 1].map((which) => sha256(new Uint8Array(numberBytes(serial, which, from))));
  const votes = digests.flatMap((digest): Statement[] => [
    { type: "prepare", sequence, view, digest, voter },
    { type: "commit", sequence, view, digest, voter },
  ]);
  const body = {
    validators: head.validators.hash,
    sequence,
    newView: view,
    parent: head.digest,
    prepared: undefined,
  };
  const request: Statement = {
    type: "view-change",
    body,
    voter,
    parentCertificate: head.certificate,
    prepareCertificate: undefined,
  };
  const proposer = head.validators.validators[from]?.id ?? cluster.node(from).config.id;
  const header = {
    ...head.header,
    sequence,
    timestamp: toTimestamp(serial + 1_000),
    parent: head.digest,
    proposer,
  };
  const block = {
    version: WIRE_VERSION,
    header,
    items: [],
    annex: [],
    evidence: [],
    parentCertificate: head.certificate,
  };
  const proposal = { sequence, view: toView(0), digest: blockDigest(header), leader: voter };
  const statements: readonly Statement[] = [
    ...votes,
    request,
    { type: "pre-prepare", proposal, outline: outlineOf(block) },
  ];
  return statements.map((statement) => cluster.sign(from, statement));
}

function numberBytes(...numbers: readonly number[]): number[] {
  return numbers.flatMap((each) => [each & 255, (each >> 8) & 255, (each >> 16) & 255]);
}
