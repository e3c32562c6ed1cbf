import { z } from "zod";

const natural = z.int().min(0);
/** Micro-tokens or units of weight as decimal digits. */
const digits = z.string().regex(/^\d{1,24}$/);

/**
 * Prices in micro-tokens for a million units of weight, of a lane (a part of the block with a
 * reserved share).
 */
const LaneFee = z.object({ baseFee: digits, floor: digits });

/** `GET /fees`: prices of the next block. */
export const FeesBody = z.object({
  /** Sequence of the next block. */
  sequence: natural,
  /** Prices of the lane of calls. */
  invoke: LaneFee,
  /** Prices of the lane of publications and theorems, which go to the Judge. */
  judged: LaneFee,
  /** Micro-tokens for each account or other entry that a call creates in the state. */
  creationFee: digits,
  /** Micro-tokens for each KiB that a publication leaves in the state. */
  statePrice: digits,
});
export type FeesBody = z.infer<typeof FeesBody>;

/** `POST /quote`, with the body of a proof: its cost in the next block. */
export const QuoteBody = z.object({
  lane: z.enum(["invoke", "judged"]),
  baseFee: digits,
  /** Weight of the whole resource limit, in billionths of the lane's share of a block. */
  weight: digits,
  /**
   * Fee limit that suffices while the base fee is at most four times the current one. What is not
   * charged is returned.
   */
  feeLimit: digits,
  /**
   * Charge at this base fee, in micro-tokens. `most` is for the whole resource limit and the most
   * state that the proof can write. `expected` is the charge of the run on the head, for a call
   * that was run; `most`, for any other call; an estimate from the length, for a publication or a
   * theorem.
   */
  charge: z.object({ expected: digits, most: digits }),
  /**
   * Result of running a call on the head. A run may take 50,000 units, and only a program that is
   * compiled already is run. Absent for publications and theorems.
   */
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
      /**
       * `not-compiled`: this node has not called the program recently. `long`: the run takes more
       * than 50,000 units.
       */
      z.object({ type: z.literal("not-run"), reason: z.enum(["not-compiled", "long"]) }),
    ])
    .optional(),
});
export type QuoteBody = z.infer<typeof QuoteBody>;
