import { compileSource, type TypedParameter } from "@aethel/verifier";

/** An intent's canonical text up to the bracket that opens it, after the assets. */
const HEAD = /^(?:asset [^\n]*\n)*(intent \w+\([^)]*\)) \{/;

/**
 * Parameters of an intent by the head of its canonical text: a listing compiles that alone,
 * whatever stands below it. Undefined for batches and for what changes a supply, which need all of
 * their text.
 */
export function parametersIn(canonical: string): readonly TypedParameter[] | undefined {
  const [, head] = HEAD.exec(canonical) ?? [];
  if (head === undefined) return undefined;
  const compiled = compileSource(`${head} { verify { true; } }`);
  return compiled.ok ? compiled.intents[0]?.parameters : undefined;
}
