import type { TypedContract } from "@aethel/verifier";
import { contractEntries } from "../programs/contract-entries.ts";
import type { Judged } from "../programs/judge-port.ts";
import { contractRecord } from "../programs/record-contract.ts";
import type { Recording } from "../programs/recording.ts";

/**
 * Publishes a contract in the genesis. Returns the reason if that is not possible. A contract with
 * initial cells is refused, since nobody would have paid their deposit.
 */
export function foundContract(
  contract: TypedContract,
  judged: Judged,
  recording: Omit<Recording, "room">,
): string | undefined {
  const { overlay, programs } = recording;
  const record = contractRecord(contract, judged, recording);
  const { certificate } = judged;
  if (record === undefined || certificate === undefined) return "has no certificate of a contract";
  if (!programs.contracts.isStorable(contract)) {
    return "has a canonical text that exceeds the language's limits";
  }
  const { records, cells } = contractEntries(overlay, contract, { record, certificate });
  if (cells.length > 0) {
    return `is a contract with ${cells.length} initial cells, whose deposit nobody pays; publish it once the chain runs`;
  }
  for (const entry of records) entry.write();
  return undefined;
}
