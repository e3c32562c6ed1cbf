import { SOURCE_BYTES_MAX, sha256, UNITS } from "@aethel/models";
import type { TypedContract } from "@aethel/verifier";
import { certificateDigest, decodeCertificate } from "@aethel/verifier/certificate";
import { GROWTH } from "../metering/growth.ts";
import { recordUnits } from "../metering/units.ts";
import { type ContractRecord, LANGUAGE_VERSION } from "../state/contract-records.ts";
import { readContract } from "../state/contracts.ts";
import { SourceRecord } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { trustOf } from "./certificates.ts";
import { bytesIn, type ContractEntries, contractEntries, newEntry } from "./contract-entries.ts";
import type { Judged } from "./judge-port.ts";
import {
  findUnfit,
  type NoRoom,
  type Recordable,
  type Recording,
  type Unrecordable,
} from "./recording.ts";

/** Number of rows in the certificate of a contract. */
const CERTIFICATE_ROWS = 2;

/**
 * Prepares the record of a contract with its initial state. `source`: the bytes as they were
 * published, which may differ from the canonical text.
 */
export function prepareContract(
  contract: TypedContract,
  source: Uint8Array,
  judged: Judged,
  recording: Recording,
): Recordable | Unrecordable | NoRoom {
  const { overlay, programs, room, about } = recording;
  if (readContract(overlay, contract.digest) !== undefined) return "recorded";
  const record = contractRecord(contract, judged, recording);
  const { certificate } = judged;
  if (record === undefined || certificate === undefined) return "uncertified";
  // What is too long to compile again is not tried.
  const canonical = record.canonical.length;
  if (canonical > SOURCE_BYTES_MAX) return "not-storable";
  const entries = contractEntries(overlay, contract, { record, certificate });
  const ofSource = newEntry(overlay, {
    key: stateKey.source(sha256(source)),
    coding: SourceRecord,
    value: { sequence: about.sequence },
  });
  const records = [...entries.records, ofSource];
  const [growth, cellBytes] = [bytesIn(records), bytesIn(entries.cells)];
  const units = unitsOf(entries, records.length, { canonical, certificate, cellBytes });
  const unfit = findUnfit(room, { units, growth: growth + cellBytes + GROWTH.settlement });
  if (unfit !== undefined) return unfit;
  return {
    isStorable: () => programs.contracts.isStorable(contract),
    record: () => {
      for (const entry of [...records, ...entries.cells]) entry.write();
    },
    compiling: canonical * UNITS.programByte,
    storedBytes: certificate.length,
    units,
    growth,
    cellBytes,
  };
}

function unitsOf(
  { cells, valueBytes }: ContractEntries,
  records: number,
  of: {
    readonly canonical: number;
    readonly certificate: Uint8Array;
    readonly cellBytes: number;
  },
): number {
  return recordUnits({
    canonical: of.canonical,
    certificates: of.certificate.length,
    values: valueBytes + of.cellBytes,
    keys: records + cells.length,
  });
}

/**
 * Returns the record of a contract. Undefined if the judgement has no certificate of a contract that
 * is short enough to be stored.
 */
export function contractRecord(
  { canonical }: TypedContract,
  judged: Judged,
  { about, kernelVersion }: Pick<Recording, "about" | "kernelVersion">,
): ContractRecord | undefined {
  const { certificate } = judged;
  if (certificate === undefined || trustOf(judged) !== "certified") return undefined;
  if (decodeCertificate(certificate)?.length !== CERTIFICATE_ROWS) return undefined;
  return {
    ...about,
    canonical: new TextEncoder().encode(canonical),
    languageVersion: LANGUAGE_VERSION,
    certification: { kernelVersion, certificateHash: certificateDigest(certificate) },
  };
}
