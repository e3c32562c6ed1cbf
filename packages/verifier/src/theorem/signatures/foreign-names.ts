/**
 * Names that solvers know but that are in no standard, by kind. They are refused, because only one
 * program defines their meaning. A script may declare such a name itself and use it.
 */
const foreignNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sequences: "Seq seq.empty seq.unit seq.++ seq.len seq.at seq.nth seq.extract seq.contains",
    "sequences of characters": "RegEx Unicode Char str.to.int int.to.str str.to.re str.in.re",
    "the older names of strings": "re.nostr re.all.char str.from-int str.to-int",
    "sets and bags":
      "Set Bag union intersection setminus complement member subset set.member set.union bag",
    "functions on arrays": "map as-array default array-ext Tuple tuple update-field",
    powers: "^ ^0 iand int.pow2 int.log2 exp sin cos tan asin acos atan pi sqrt",
    "signs and old connectives": "~ implies iff if if_then_else",
    "bit vectors beyond the standard":
      "bvredor bvredand ext_rotate_left ext_rotate_right bit2bool bvumul_noovfl bvsmul_noovfl " +
      "bvsmul_noudfl bvsdiv_i bvudiv_i bvsrem_i bvurem_i bvsmod_i",
    "floats beyond the standard": "fp.to_ieee_bv to_fp_signed fp.isSignaling",
    relations: "partial-order linear-order tree-order piecewise-linear-order transitive-closure",
    "choice and recursion": "choice root-obj :id witness",
  }).flatMap(([kind, names]) => names.split(" ").map((name): [string, string] => [name, kind])),
);

/**
 * Returns the kind of a name that solvers know and no standard has. Undefined for any other name.
 */
export function foreignKindOf(name: string): string | undefined {
  return foreignNames.get(name);
}
