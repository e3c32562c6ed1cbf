import { allSignatures } from "./theories.ts";

/**
 * Names of operators that a script may nevertheless declare or bind, because scripts on other
 * subjects use such plain words.
 */
const redeclarable: ReadonlySet<string> = words(`
  concat fp repeat extract
  bvnego bvuaddo bvsaddo bvumulo bvsmulo bvusubo bvssubo bvsdivo ubv_to_int sbv_to_int
`);

/** Reserved words of the language (SMT-LIB 2.6, section 3.1). `lambda` is from SMT-LIB 2.7. */
export const reservedWords: ReadonlySet<string> = words(
  "let forall exists match par ! _ as lambda BINARY DECIMAL HEXADECIMAL NUMERAL STRING",
);

/** Names of the theories' sorts, without String, which some scripts declare themselves. */
const sortNames: ReadonlySet<string> = words(`
  Bool Int Real Array BitVec FloatingPoint RoundingMode RegLan Float16 Float32 Float64 Float128
`);

/**
 * Names with a meaning in SMT-LIB itself. A script may use them but must not declare or bind them,
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
