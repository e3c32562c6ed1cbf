import type { TypedTerm } from "../graph/typed-term.ts";

/**
 * Returns the number of gates, up to a constant factor, that bit-blasting makes of one operator.
 * Assumes schoolbook multiplication and division, and barrel shifters. Floats count as the
 * arithmetic of their bits.
 */
export function gatesOf({ operator, operands, sort }: TypedTerm): number {
  if (operator.type !== "theory") return 0;
  const operand = operands.find(({ sort: { type } }) => type === "bits" || type === "float");
  const bits = Math.max(bitsOf(sort), operand === undefined ? 0 : bitsOf(operand.sort));
  if (bits === 0) return 0;
  switch (operator.name) {
    case "bvmul":
    case "bvumulo":
    case "bvsmulo":
    case "fp.mul":
      return bits * bits * (operands.length - 1);
    case "bvudiv":
    case "bvurem":
    case "bvsdiv":
    case "bvsrem":
    case "bvsmod":
    case "fp.div":
    case "fp.sqrt":
    case "fp.fma":
      return 3 * bits * bits;
    case "int_to_bv":
    case "ubv_to_int":
    case "sbv_to_int":
      return bits * bits;
    case "bvshl":
    case "bvlshr":
    case "bvashr":
    case "fp.add":
    case "fp.sub":
    case "fp.roundToIntegral":
    case "to_fp":
    case "to_fp_unsigned":
    case "fp.to_ubv":
    case "fp.to_sbv":
      return bits * Math.ceil(Math.log2(bits + 1));
    case "fp.to_real":
      return (
        2 ** (sort.type === "Real" && operand?.sort.type === "float" ? operand.sort.exponent : 0)
      );
    default:
      return bits;
  }
}

function bitsOf(sort: TypedTerm["sort"]): number {
  if (sort.type === "bits") return sort.width;
  return sort.type === "float" ? sort.exponent + sort.significand : 0;
}
