/**
 * Program of `npm run unit`, `format`, `layers` and the like, also from a clean clone. It installs
 * the packages unless that is done, and runs one of the workspace's tools with the arguments that
 * follow.
 */
import path from "node:path";
import { loud, root } from "./run.js";
import { checkHostNode, install } from "./set-up.js";

const [tool = "node", ...args] = process.argv.slice(2);

checkHostNode();
await install();
process.exitCode = await loud(path.join(root, "node_modules", ".bin", tool), args);
