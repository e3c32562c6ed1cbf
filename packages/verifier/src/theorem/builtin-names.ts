/**
 * Names that mean something in SMT-LIB itself. A script may use them and must not declare or bind
 * them: what a reader sees is what is proved.
 */
export const standardNames: ReadonlySet<string> = words(`
  let forall exists match par ! _ as lambda
  Bool true false not and or xor => = distinct ite
  Int Real + - * / div mod abs < <= > >= to_real to_int is_int ^
  Array select store
  BitVec bvnot bvneg bvand bvor bvxor bvnand bvnor bvxnor bvadd bvsub bvmul bvudiv bvurem
  bvsdiv bvsrem bvsmod bvshl bvlshr bvashr bvult bvule bvugt bvuge bvslt bvsle bvsgt bvsge bvcomp
  FloatingPoint RoundingMode Float16 Float32 Float64 Float128
  roundNearestTiesToEven roundNearestTiesToAway roundTowardPositive roundTowardNegative
  roundTowardZero fp.abs fp.neg fp.add fp.sub fp.mul fp.div fp.fma fp.sqrt
  fp.rem fp.roundToIntegral fp.min fp.max fp.leq fp.lt fp.geq fp.gt fp.eq fp.isNormal
  fp.isSubnormal fp.isZero fp.isInfinite fp.isNaN fp.isNegative fp.isPositive fp.to_real
  RegLan str.++ str.len str.< str.<= str.at str.substr str.prefixof str.suffixof
  str.contains str.indexof str.replace str.replace_all str.replace_re str.replace_re_all
  str.is_digit str.to_code str.from_code str.to_int str.from_int str.to_re str.in_re
  re.none re.all re.allchar re.++ re.union re.inter re.* re.comp re.diff re.+ re.opt re.range
`);

/**
 * Plain words of one theory, and names that Z3 knows beyond the standard. Scripts on other things
 * declare some of them, so a name that the script declares or binds is its own.
 */
export const extensionNames: ReadonlySet<string> = words(`
  const concat String fp RNE RNA RTP RTN RTZ
  implies iff if
  bvredor bvredand bv2int bv2nat ubv_to_int sbv_to_int ext_rotate_left ext_rotate_right
  bvnego bvuaddo bvsaddo bvumulo bvsmulo bvusubo bvssubo bvsdivo
  bvumul_noovfl bvsmul_noovfl bvsmul_noudfl
  fp.to_ieee_bv Seq seq.++ seq.len seq.unit seq.empty seq.at seq.nth seq.extract seq.contains
  seq.prefixof seq.suffixof seq.indexof seq.replace seq.update
  Unicode RegEx str.to.int int.to.str str.to.re str.in.re re.nostr re.allchar re.loop
  union intersection setminus complement member subset default
`);

/** What may stand after `_`, with numerals or symbols as indices; `bv` and digits too. */
export const indexedNames: ReadonlySet<string> = words(`
  BitVec FloatingPoint extract repeat zero_extend sign_extend rotate_left rotate_right
  int2bv int_to_bv nat2bv bit2bool to_fp to_fp_unsigned to_fp_signed fp.to_ubv fp.to_sbv
  +oo -oo NaN +zero -zero re.loop re.^ char is divisible map as-array
`);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
