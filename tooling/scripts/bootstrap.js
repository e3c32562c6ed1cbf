/**
 * `npm run setup`, `npm start` and `npm test` from a clean clone, on a machine that has Node 20 and
 * npm: fetches the pinned pnpm and Node 24, installs, builds, and then runs what was asked for.
 */
import path from "node:path";
import { loud, root } from "./run.js";
import { build, checkHostNode, install } from "./set-up.js";

const node = path.join(root, "node_modules", ".bin", "node");
const [command = "setup", ...args] = process.argv.slice(2);

checkHostNode();
await install();
await build();

switch (command) {
  case "setup":
    process.stderr.write("Ready. Next: `npm start`, or `npm run aethel -- --help`.\n");
    break;
  case "start":
    process.exitCode = await loud(node, [
      path.join(root, "apps", "node", "dist", "main.js"),
      "localnet",
      "--demo",
      ...args,
    ]);
    break;
  case "test":
    process.exitCode = await loud(path.join(root, "node_modules", ".bin", "vitest"), [
      "run",
      ...args,
    ]);
    break;
  default:
    process.stderr.write(`Unknown command ${command}: use setup, start or test.\n`);
    process.exitCode = 2;
}
