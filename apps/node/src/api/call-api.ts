import { z } from "zod";
import { ValueBody } from "./contract-value.ts";

const natural = z.int().min(0);
const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const amount = z.string().regex(/^\d{1,20}$/);

/**
 * Call of a transaction that was applied. `cells` are those that the call wrote: index of the map,
 * encoded keys, and whether the cell is present after the call. The fields that are optional are in
 * the answer of `GET /proofs/:hash`, for calls of contracts.
 */
export const CallBody = z.object({
  /** Digest by which the call names the intent. */
  intent: hex,
  units: natural,
  /** Digest of the contract. */
  contract: hex.optional(),
  /** Name of the contract and of the intent, such as `escrow.release`. */
  name: z.string().optional(),
  cells: z.array(
    z.object({ map: natural, keys: hex, present: z.boolean(), place: z.string().optional() }),
  ),
  /** Movements of the contract's own holdings. `asset`: 64 zeros for the native asset. */
  vaults: z.array(z.object({ asset: hex, before: amount, after: amount })),
  /** Events in their order: name of the record, its encoded fields, and its fields by name. */
  events: z.array(z.object({ name: z.string(), bytes: hex, value: ValueBody.optional() })),
});
export type CallBody = z.infer<typeof CallBody>;
