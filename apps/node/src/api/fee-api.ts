import { z } from "zod";

const natural = z.int().min(0);
/** Decimal digits: of micro-tokens, or of units of weight. */
const digits = z.string().regex(/^\d{1,24}$/);

/** One lane: prices are micro-tokens for each million units of weight. */
const LaneFee = z.object({ baseFee: digits, floor: digits });

/** `GET /fees`: what a place in the next block costs. */
export const FeesBody = z.object({
  /** Sequence of the next block. */
  sequence: natural,
  /** Calls. */
  invoke: LaneFee,
  /** Publications and theorems, which go to the Judge. */
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
  /** Weight of its whole resource limit, in billionths of its lane's share of a block. */
  weight: digits,
  /** Suffices while the base fee is under four times this one; what is not charged comes back. */
  feeLimit: digits,
  /**
   * Charge at this base fee, in micro-tokens. `most`: if it uses its whole resource limit and leaves
   * all that it may. `expected`: of a call that was run, that of its run; of another, the most; of what
   * goes to the Judge, that of a usual claim of its length, a guess.
   */
  charge: z.object({ expected: digits, most: digits }),
  /** A call as it would run on the head, up to 50,000 units and without compiling anything. */
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
      /** `not-compiled`: nobody has called the program here of late; `long`: it takes more units. */
      z.object({ type: z.literal("not-run"), reason: z.enum(["not-compiled", "long"]) }),
    ])
    .optional(),
});
export type QuoteBody = z.infer<typeof QuoteBody>;
