import { createFileSigningLog } from "@aethel/pbft/file";
import type { Layout } from "./layout.ts";

/** Creates the empty signing state of a new key, which has never signed. */
export async function createSigningState(layout: Layout): Promise<void> {
  const log = await createFileSigningLog({
    path: layout.signingLog,
    allowNewSigningState: "new-key",
  });
  await log.close();
}
