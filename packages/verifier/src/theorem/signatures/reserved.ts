import { allSignatures } from "./theories.ts";

/**
 * Plain words of one theory: scripts on other things declare some of them, so a name that the
 * script declares or binds is its own.
 */
const redeclarable: ReadonlySet<string> = words(`
  concat fp repeat extract
  bvnego bvuaddo bvsaddo bvumulo bvsmulo bvusubo bvssubo bvsdivo ubv_to_int sbv_to_int
`);

/** Words of the language itself (SMT-LIB 2.6, section 3.1); `lambda` is of 2.7. */
export const reservedWords: ReadonlySet<string> = words(
  "let forall exists match par ! _ as lambda BINARY DECIMAL HEXADECIMAL NUMERAL STRING",
);

/** Sorts of the theories, but String: scripts on other things declare it. */
const sortNames: ReadonlySet<string> = words(`
  Bool Int Real Array BitVec FloatingPoint RoundingMode RegLan Float16 Float32 Float64 Float128
`);

/**
 * Names that mean something in SMT-LIB itself. A script may use them and must not declare or bind
 * them: what a reader sees is what is proved.
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
