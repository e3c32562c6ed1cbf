import { z } from "zod";

const natural = z.int().min(0);
/** Micro-tokens or units of weight as decimal digits. */
const digits = z.string().regex(/^\d{1,24}$/);

/** Prices of a lane, in micro-tokens for a million units of weight. */
const LaneFee = z.object({ baseFee: digits, floor: digits });

/** `GET /fees`: prices of the next block. */
export const FeesBody = z.object({
  /** Sequence of the next block. */
  sequence: natural,
  /** Lane of calls. */
  invoke: LaneFee,
  /** Lane of publications and theorems, which go to the Judge. */
  judged: LaneFee,
  /** Micro-tokens for each account or other entry that a call makes. */
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
  /** Fee limit that suffices up to four times the current base fee; the rest comes back. */
  feeLimit: digits,
  /**
   * Charge at this base fee, in micro-tokens. `most`: for the whole resource limit and the most state that
   * it can leave. `expected`: for a call that was run on the head, the charge of that run; for any other
   * call, the most; for a publication or theorem, an estimate from its length.
   */
  charge: z.object({ expected: digits, most: digits }),
  /** Run of a call on the head, up to 50,000 units, with a program that is compiled already. */
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
      /** `not-compiled`: the program was not called here recently; `long`: it takes more units. */
      z.object({ type: z.literal("not-run"), reason: z.enum(["not-compiled", "long"]) }),
    ])
    .optional(),
});
export type QuoteBody = z.infer<typeof QuoteBody>;
