import { type Evidence, equalBytes, type Sequence, toHex } from "@aethel/models";
import type { SlashBody } from "../api/api.ts";
import { evidenceBody } from "../api/evidence-body.ts";
import type { SlashRecord } from "../storage/slash-record.ts";
import type { NodeView } from "./node-view.ts";

type Slashing = Pick<NodeView, "ledger" | "slashes">;

/**
 * Most slashes of one block that are read. A block slashes for the evidence in it, and an epoch
 * boundary also raises the cost of earlier offences.
 */
const SLASHES_OF_BLOCK_MAX = 1_024;

/** Reads the slashes of a block: validators, amounts and evidence. */
export async function slashesOfBlock(
  { ledger, slashes }: Slashing,
  sequence: Sequence,
): Promise<readonly SlashBody[]> {
  const range = { from: sequence, to: sequence, limit: SLASHES_OF_BLOCK_MAX };
  return await explainSlashes(ledger, await slashes(range));
}

/** Converts slashes to JSON, each with the evidence against its validator in its block. */
export async function explainSlashes(
  ledger: NodeView["ledger"],
  records: readonly SlashRecord[],
): Promise<readonly SlashBody[]> {
  return await Promise.all(
    records.map(async (record) => {
      const evidence = await evidenceOf(ledger, record);
      return {
        sequence: record.sequence,
        validator: toHex(record.validator),
        amount: record.amount.toString(),
        stake: record.stake.toString(),
        evidence: evidence.map(evidenceBody),
      };
    }),
  );
}

/**
 * Finds the evidence against a slash's validator in the slash's block. Empty if the block only
 * raised the cost of an earlier offence.
 */
export async function evidenceOf(
  ledger: NodeView["ledger"],
  { sequence, validator }: SlashRecord,
): Promise<readonly Evidence[]> {
  const final = await ledger.finalized(sequence);
  const evidence = final?.block.evidence ?? [];
  return evidence.filter((item) => equalBytes(item.validator, validator));
}
