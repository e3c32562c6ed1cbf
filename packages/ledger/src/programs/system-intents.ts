import { assert } from "@aethel/models";
import { compileSource, type StandardIntent } from "@aethel/verifier";
import { keyName } from "../collections/key-name.ts";

/** What the ledger itself does when a certain intent has applied; no program could write it. */
export type SystemAction = "rotate-key" | "ask-back";

const SOURCES: readonly (StandardIntent & { readonly action: SystemAction })[] = [
  {
    name: "rotate-key",
    action: "rotate-key",
    privileged: true,
    source: `# From a coming border on the validator votes with another key, whose owner signs too.
intent rotate_key(signer validator: Account, signer key: Account) {
  guard {
    validator != key;
    validator.stake > 0;
  }
  verify {
    validator.stake == old(validator.stake);
  }
}
`,
  },
  {
    name: "ask-back",
    action: "ask-back",
    privileged: true,
    source: `# A validator that was jailed for its absence is there again; its power returns at a border.
intent ask_back(signer validator: Account) {
  guard {
    validator.stake > 0;
  }
  verify {
    validator.stake == old(validator.stake);
  }
}
`,
  },
];

/** The name of the parameter that says whose validator it is about, and of the new key's. */
export const SYSTEM_PARAMETERS = { validator: "validator", key: "key" } as const;

/**
 * Sources for the genesis of a chain whose validators shall be able to rotate keys and to come back
 * from jail. Proved like any other intent; published later, by somebody else, they do nothing.
 */
export function systemIntents(): readonly StandardIntent[] {
  return SOURCES.map(({ name, privileged, source }) => ({ name, privileged, source }));
}

let actions: ReadonlyMap<string, SystemAction> | undefined;

/** The action of an intent of the genesis list, by its digest. */
export function systemActionOf(digest: Uint8Array): SystemAction | undefined {
  actions ??= new Map(
    SOURCES.map(({ source, action }) => {
      const compiled = compileSource(source, { privileged: true });
      const [intent] = compiled.ok ? compiled.intents : [];
      assert(intent !== undefined, "the system intents compile");
      return [keyName(intent.digest), action];
    }),
  );
  return actions.get(keyName(digest));
}
