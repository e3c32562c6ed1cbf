/** Opens the log named on the command line and tells the parent what came of it. */
import { createFileSigningLog } from "../src/file/index.ts";
import { PbftError } from "../src/index.ts";

try {
  const log = await createFileSigningLog({ path: process.argv[2] ?? "" });
  await log.close();
  process.send?.("opened");
} catch (error) {
  process.send?.(error instanceof PbftError ? error.fault.code : String(error));
}
process.disconnect?.();
