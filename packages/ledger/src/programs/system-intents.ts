import { assert } from "@aethel/models";
import { compileSource, type StandardIntent } from "@aethel/verifier";
import { keyName } from "../collections/key-name.ts";

/**
 * Action that the ledger performs for a system intent, because the language of intents cannot
 * express it.
 */
export type SystemAction = "rotate-key" | "unjail";

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
    action: "unjail",
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

/** Names of the parameters for the validator and for the new key. */
export const SYSTEM_PARAMETERS = { validator: "validator", key: "key" } as const;

/**
 * Returns the sources of the intents for key rotation and unjailing, for a genesis. They are proved
 * like any other intent. Their actions are performed only if they are on the genesis list.
 */
export function systemIntents(): readonly StandardIntent[] {
  return SOURCES.map(({ name, privileged, source }) => ({ name, privileged, source }));
}

let actions: ReadonlyMap<string, SystemAction> | undefined;

/**
 * Returns the action of a system intent by its digest; undefined if it is no system intent. The
 * caller MUST check that the intent is on the genesis list.
 */
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
