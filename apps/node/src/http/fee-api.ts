import { z } from "zod";

const natural = z.int().min(0);
/** Decimal digits: of micro-tokens, or of units of weight. */
const digits = z.string().regex(/^\d{1,24}$/);

/** One lane: prices are micro-tokens for each million units of weight. */
const LaneFee = z.object({ baseFee: digits, floor: digits });

/** `GET /fees`: what a place in the next block costs. */
export const FeesBody = z.object({
  /** Of the next block. */
  sequence: natural,
  /** Calls. */
  invoke: LaneFee,
  /** What goes to the Judge: publications and theorems. */
  judged: LaneFee,
  /** Micro-tokens for each account or other entry that a call makes. */
  creationFee: digits,
  /** Micro-tokens for each KiB that a publication leaves in the state. */
  statePrice: digits,
});
export type FeesBody = z.infer<typeof FeesBody>;

/** `POST /quote`, with the body of a proof: what it would cost in the next block. */
export const QuoteBody = z.object({
  lane: z.enum(["invoke", "judged"]),
  baseFee: digits,
  /** Of its whole resource limit, in billionths of its lane's share of a block. */
  weight: digits,
  /** Suffices while the base fee is under four times this one; what is not charged comes back. */
  feeLimit: digits,
  /** A call as it would run on the head, up to 200,000 units. */
  run: z
    .discriminatedUnion("type", [
      z.object({
        type: z.literal("run"),
        outcome: z.string(),
        units: natural,
        charged: digits,
        burned: digits,
        tip: digits,
      }),
      z.object({ type: z.literal("refused"), code: z.string(), message: z.string() }),
    ])
    .optional(),
});
export type QuoteBody = z.infer<typeof QuoteBody>;
