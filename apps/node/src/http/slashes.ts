import { type Evidence, equalBytes, type Sequence, toHex } from "@aethel/models";
import type { SlashBody } from "../api/api.ts";
import { evidenceBody } from "../api/evidence-body.ts";
import type { SlashRecord } from "../storage/slash-record.ts";
import type { NodeView } from "./node-view.ts";

type Slashing = Pick<NodeView, "ledger" | "slashes">;

/**
 * Most slashes of one block: evidence convicts, and an epoch boundary raises the cost of earlier
 * convictions.
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

/** Adds to slashes the evidence of their blocks. */
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

/** Finds the evidence that decided a slash. */
export async function evidenceOf(
  ledger: NodeView["ledger"],
  { sequence, validator }: SlashRecord,
): Promise<readonly Evidence[]> {
  const final = await ledger.finalized(sequence);
  const evidence = final?.block.evidence ?? [];
  return evidence.filter((item) => equalBytes(item.validator, validator));
}
