import { createSigner, type Signer } from "@aethel/models";
import { openKeyFile } from "../keys/key-file.ts";
import { readPassword } from "../keys/password.ts";

/** Opens the key file of an account that signs. @throws NodeError `KEY_FILE`, `PASSWORD`. */
export async function openAuthor(options: {
  readonly account: string;
  readonly passwordFile?: string;
}): Promise<Signer> {
  const password = await readPassword({ file: options.passwordFile, confirm: "once" });
  // The account of a founding validator may be its consensus key.
  const purpose = ["account", "consensus"] as const;
  return createSigner(await openKeyFile({ file: options.account, purpose, password }));
}
