import { allSignatures } from "./theories.ts";

/**
 * Plain words of one theory. Scripts on other subjects declare some of them, so a script may
 * declare or bind these.
 */
const redeclarable: ReadonlySet<string> = words(`
  concat fp repeat extract
  bvnego bvuaddo bvsaddo bvumulo bvsmulo bvusubo bvssubo bvsdivo ubv_to_int sbv_to_int
`);

/** Words of the language itself (SMT-LIB 2.6, section 3.1); `lambda` is of 2.7. */
export const reservedWords: ReadonlySet<string> = words(
  "let forall exists match par ! _ as lambda BINARY DECIMAL HEXADECIMAL NUMERAL STRING",
);

/** Sorts of the theories except String, which scripts on other subjects declare. */
const sortNames: ReadonlySet<string> = words(`
  Bool Int Real Array BitVec FloatingPoint RoundingMode RegLan Float16 Float32 Float64 Float128
`);

/**
 * Names with a meaning in SMT-LIB itself. A script may use them, and must not declare or bind them,
 * so that readers and the Judge agree on their meaning.
 */
export const reservedNames: ReadonlySet<string> = new Set([
  ...reservedWords,
  ...sortNames,
  ...allSignatures
    .filter(({ name, indices }) => indices === 0 && !redeclarable.has(name))
    .map(({ name }) => name),
]);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
