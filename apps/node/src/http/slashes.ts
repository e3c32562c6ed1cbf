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

/**
 * Converts slashes to JSON, each with the evidence against its validator in its block. Reads one
 * block after the other, and each once: blocks are large, and anybody may ask.
 */
export async function explainSlashes(
  ledger: Pick<NodeView["ledger"], "finalized">,
  records: readonly SlashRecord[],
): Promise<readonly SlashBody[]> {
  const known = new Map<Sequence, readonly Evidence[]>();
  const slashes: SlashBody[] = [];
  for (const { sequence, validator, amount, stake } of records) {
    const inBlock = known.get(sequence) ?? (await evidenceIn(ledger, sequence));
    known.set(sequence, inBlock);
    slashes.push({
      sequence,
      validator: toHex(validator),
      amount: amount.toString(),
      stake: stake.toString(),
      evidence: against(inBlock, validator).map(evidenceBody),
    });
  }
  return slashes;
}

/**
 * Finds the evidence against a slash's validator in the slash's block. Empty if the block only
 * raised the cost of an earlier offence.
 */
export async function evidenceOf(
  ledger: Pick<NodeView["ledger"], "finalized">,
  { sequence, validator }: SlashRecord,
): Promise<readonly Evidence[]> {
  return against(await evidenceIn(ledger, sequence), validator);
}

async function evidenceIn(
  ledger: Pick<NodeView["ledger"], "finalized">,
  sequence: Sequence,
): Promise<readonly Evidence[]> {
  const final = await ledger.finalized(sequence);
  return final?.block.evidence ?? [];
}

function against(evidence: readonly Evidence[], validator: Uint8Array): readonly Evidence[] {
  return evidence.filter((item) => equalBytes(item.validator, validator));
}
