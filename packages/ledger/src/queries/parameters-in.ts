import { compileSource, type TypedParameter } from "@aethel/verifier";

/**
 * Pattern for an intent in its canonical text: the declarations of assets, then the intent up to
 * its opening brace.
 */
const HEAD = /^(?:asset [^\n]*\n)*(intent \w+\([^)]*\)) \{/;

/**
 * Reads the parameters of an intent from the head of its canonical text, so that a listing need not
 * compile the whole text. Returns undefined for batches and for intents that change a supply, which
 * must be compiled whole.
 */
export function parametersIn(canonical: string): readonly TypedParameter[] | undefined {
  const [, head] = HEAD.exec(canonical) ?? [];
  if (head === undefined) return undefined;
  const compiled = compileSource(`${head} { verify { true; } }`);
  return compiled.ok ? compiled.intents[0]?.parameters : undefined;
}
