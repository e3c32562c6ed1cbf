/**
 * Program of `npm run setup`, `npm start`, `npm test` and the two programs `aethel` and `sim`, from
 * a clean clone on a machine with Node 20 and npm. It fetches the pinned pnpm and Node 24,
 * installs, builds, and then runs the command. For the two programs, which are run often, it builds
 * only if a source has changed.
 */
import path from "node:path";
import { loud, root } from "./run.js";
import { build, buildWhenStale, checkHostNode, install } from "./set-up.js";

const node = path.join(root, "node_modules", ".bin", "node");
const [command = "setup", ...args] = process.argv.slice(2);

checkHostNode();
const programs = { aethel: "node", sim: "simulator" };

await install();
await (Object.hasOwn(programs, command) ? buildWhenStale() : build());

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
  case "aethel":
  case "sim":
    process.exitCode = await loud(node, [
      path.join(root, "apps", programs[command], "dist", "main.js"),
      ...args,
    ]);
    break;
  default:
    process.stderr.write(`Unknown command ${command}: use setup, start, test, aethel or sim.\n`);
    process.exitCode = 2;
}
