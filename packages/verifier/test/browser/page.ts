import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type Plugin } from "vite";

const named = process.env["AETHEL_CHROMIUM"];

/** Paths of the browser on Debian and others, unless `AETHEL_CHROMIUM` names one. */
const places =
  named === undefined
    ? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    : [named];

/** The browser of this machine; nothing is ever downloaded. */
export const chromiumPath: string | undefined = places.find((place) => existsSync(place));

const root = fileURLToPath(new URL("../../", import.meta.url));

/** In CI what is published is bundled, the build's output; elsewhere the sources, which need no build. */
const isBuilt = process.env["CI"] !== undefined;

/** Bundles the example and the test page as a user of Vite would, into a folder of its own. */
export async function bundle(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), "aethel-page-"));
  const conditions = [...(isBuilt ? [] : ["@aethel/source"]), "module", "browser", "production"];
  await build({
    root,
    configFile: false,
    cacheDir: path.join(folder, "cache"),
    logLevel: "error",
    resolve: { conditions },
    plugins: [workerOfSources],
    worker: { format: "es", plugins: () => [workerOfSources] },
    build: {
      outDir: path.join(folder, "site"),
      emptyOutDir: true,
      rolldownOptions: { input: ["test/browser/harness.html", "examples/browser/index.html"] },
    },
  });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  return { folder: path.join(folder, "site"), [Symbol.asyncDispose]: remove };
}

/** Sources are bundled, in which the worker's script has another ending than in what is built. */
const workerOfSources: Plugin = {
  name: "worker-of-sources",
  enforce: "pre",
  transform: (code, id) =>
    id.endsWith("/browser/web-worker.ts") ? code.replace("./worker.js", "./worker.ts") : undefined,
};

const solver = createRequire(import.meta.url).resolve("z3-solver/build/z3-built.wasm");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** Serves a folder on loopback with these headers. `/damaged.wasm` is the solver with one bit changed. */
export async function serve(options: {
  readonly folder: string;
  readonly headers: Readonly<Record<string, string>>;
}): Promise<{ readonly origin: string } & AsyncDisposable> {
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/favicon.ico") {
      response.writeHead(204).end();
      return;
    }
    const isDamaged = pathname === "/damaged.wasm";
    const file = isDamaged ? solver : path.join(options.folder, path.normalize(pathname));
    readFile(file).then(
      (content) => {
        if (isDamaged) content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
        const type = types[path.extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { ...options.headers, "Content-Type": type }).end(content);
      },
      () => response.writeHead(404, options.headers).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A headless browser. */
export async function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("no Chromium: apt-get install -y chromium");
  return await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}

/** A page of the test's, and what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens a page; what it throws or writes to its console is kept. */
export async function open(browser: Browser, url: string): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1_000, height: 900 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(url);
  return { page, complaints };
}
