import { type Evidence, equalBytes, type Sequence, toHex } from "@aethel/models";
import type { SlashBody } from "../api/api.ts";
import { evidenceBody } from "../api/evidence-body.ts";
import type { SlashRecord } from "../storage/slash-record.ts";
import type { NodeView } from "./node-view.ts";

type Slashing = Pick<NodeView, "ledger" | "slashes">;

/** Slashes of one block: evidence convicts some, and a border raises what others cost. */
const SLASHES_OF_BLOCK_MAX = 1_024;

/** Whom one block slashed, by how much, and by which evidence. */
export async function slashesOfBlock(
  { ledger, slashes }: Slashing,
  sequence: Sequence,
): Promise<readonly SlashBody[]> {
  const range = { from: sequence, to: sequence, limit: SLASHES_OF_BLOCK_MAX };
  return await explainSlashes(ledger, await slashes(range));
}

/** Slashes with the evidence that is in their blocks. */
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

/** The evidence by which a slash was decided. */
export async function evidenceOf(
  ledger: NodeView["ledger"],
  { sequence, validator }: SlashRecord,
): Promise<readonly Evidence[]> {
  const final = await ledger.finalized(sequence);
  const evidence = final?.block.evidence ?? [];
  return evidence.filter((item) => equalBytes(item.validator, validator));
}
