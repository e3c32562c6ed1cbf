import { z } from "zod";

const natural = z.int().min(0);
/** Micro-tokens or units of weight as decimal digits. */
const digits = z.string().regex(/^\d{1,24}$/);

/**
 * Prices of one lane (a part of the block with a reserved share), in micro-tokens for each million
 * units of weight.
 */
const LaneFee = z.object({ baseFee: digits, floor: digits });

/** Answer of `GET /fees`: prices of the next block. */
export const FeesBody = z.object({
  /** Sequence of the next block. */
  sequence: natural,
  /** Prices of the lane of calls. */
  invoke: LaneFee,
  /** Prices of the lane of publications and theorems, which the Judge judges. */
  judged: LaneFee,
  /** Micro-tokens for each account or other entry that a call creates in the state. */
  creationFee: digits,
  /** Micro-tokens for each KiB by which a publication grows the state. */
  statePrice: digits,
  /** Micro-tokens that are locked for each byte of a contract's cell. */
  depositPrice: digits,
});
export type FeesBody = z.infer<typeof FeesBody>;

/** Answer of `POST /quote` with the body of a proof: the cost of the proof in the next block. */
export const QuoteBody = z.object({
  lane: z.enum(["invoke", "judged"]),
  baseFee: digits,
  /**
   * Weight of the proof if it uses its whole resource limit, in billionths of the lane's share of a
   * block.
   */
  weight: digits,
  /**
   * Fee limit that suffices while the base fee is at most four times the current one, in
   * micro-tokens. The author gets back what is not charged.
   */
  feeLimit: digits,
  /**
   * Charge at the current base fee, in micro-tokens. `most` is the charge if the proof uses its
   * whole resource limit and writes as much state as it can. `expected` depends on the proof. For a
   * call that was run, it is the charge of that run. For another call, it is `most`. For a
   * publication or a theorem, it is an estimate from the length.
   */
  charge: z.object({ expected: digits, most: digits }),
  /**
   * Result of running a call on the head state. Only a program that is already compiled is run, for
   * at most 50,000 units. Absent for publications and theorems.
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
        /** Reason for an outcome other than `applied`; empty for none. */
        detail: z.string(),
        /**
         * Falls of the signers' holdings over the whole transaction, without fee and deposits:
         * exactly the spending limits that this run needs. `signer`: 0 for the author, then the
         * cosigners in their order. `asset`: 64 zeros for the native asset.
         */
        losses: z.array(z.object({ signer: natural, asset: z.string(), amount: digits })),
        /** Net deposits for cells in micro-tokens; negative if more come back than are paid. */
        deposit: z.string().regex(/^-?\d{1,24}$/),
      }),
      z.object({ type: z.literal("refused"), code: z.string(), message: z.string() }),
      /**
       * The call was not run. `not-compiled`: this node has not called the program recently.
       * `long`: the run takes more than 50,000 units.
       */
      z.object({ type: z.literal("not-run"), reason: z.enum(["not-compiled", "long"]) }),
    ])
    .optional(),
});
export type QuoteBody = z.infer<typeof QuoteBody>;
