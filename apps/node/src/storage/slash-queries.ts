import { type AccountId, concatBytes } from "@aethel/models";
import { SlashRecord } from "./slash-record.ts";
import { LAST_PLACE, placeKey, sequenceIn, type Tables } from "./tables.ts";

/** Selection of slashes. Each kind of selection has an index. */
export type WantedSlashes =
  /** At most `limit` slashes, the earliest, of the blocks `from` .. `to`, both included. */
  | { readonly from: number; readonly to: number; readonly limit: number }
  /** At most `last` slashes of the chain, the latest. */
  | { readonly last: number }
  /** At most `limit` slashes of a validator, the latest. */
  | { readonly of: AccountId; readonly limit: number }
  /** All slashes of the block with this piece of evidence. */
  | { readonly byEvidence: Uint8Array };

/** Limit for a query of one block's slashes, above the number that a block can have. */
const SLASHES_OF_BLOCK_MAX = 16_384;

/** Reads slashes, oldest first. */
export function readSlashes(tables: Tables, wanted: WantedSlashes): readonly SlashRecord[] {
  if ("byEvidence" in wanted) {
    const at = tables.evidence.get(wanted.byEvidence);
    if (at === undefined) return [];
    const sequence = sequenceIn(at);
    return readSlashes(tables, { from: sequence, to: sequence, limit: SLASHES_OF_BLOCK_MAX });
  }
  if ("of" in wanted) {
    const { of, limit } = wanted;
    const [first, last] = [concatBytes(of, placeKey(0, 0)), concatBytes(of, LAST_PLACE)];
    const places = [...tables.slashesOf.getKeys({ start: last, end: first, reverse: true, limit })];
    return places.toReversed().flatMap((key) => readSlash(tables, new Uint8Array(key).slice(32)));
  }
  const range =
    "last" in wanted
      ? { start: LAST_PLACE, end: placeKey(0, 0), reverse: true, limit: wanted.last }
      : { start: placeKey(wanted.from, 0), end: placeKey(wanted.to + 1, 0), limit: wanted.limit };
  const found = [...tables.slashes.getRange(range)].map(({ value }) =>
    SlashRecord.decode(new Uint8Array(value)),
  );
  return "last" in wanted ? found.toReversed() : found;
}

function readSlash(tables: Tables, place: Uint8Array): readonly SlashRecord[] {
  const bytes = tables.slashes.get(place);
  return bytes === undefined ? [] : [SlashRecord.decode(new Uint8Array(bytes))];
}
