import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { median } from "@aethel/bench";
import { build } from "vite";
import { chromiumPath, launch, open, serve } from "../test/browser/page.ts";
import type { KernelPage } from "./kernel-page.ts";

declare const kernelPage: KernelPage;

const root = fileURLToPath(new URL("./", import.meta.url));

/** Whether this process runs the TypeScript sources. Otherwise it runs the built files. */
const isSource = process.execArgv.includes("--conditions=@aethel/source");
const conditions = [...(isSource ? ["@aethel/source"] : []), "module", "browser", "production"];

/** Sizes and times of the kernel in a page. */
export interface KernelInPage {
  readonly gzippedBytes: number;
  /**
   * Time for loading the kernel and checking one certificate in a new page, in milliseconds.
   * Undefined without Chromium.
   */
  readonly firstCheckMilliseconds: number | undefined;
}

/** Bundles the kernel alone as a user of Vite would, and opens a page with it some times. */
export async function measureKernelInPage(
  claim: object,
  certificate: Uint8Array,
): Promise<KernelInPage> {
  const folder = await mkdtemp(path.join(tmpdir(), "aethel-kernel-"));
  try {
    await build({
      root,
      configFile: false,
      cacheDir: path.join(folder, "cache"),
      logLevel: "error",
      resolve: { conditions },
      build: {
        outDir: path.join(folder, "site"),
        emptyOutDir: true,
        rolldownOptions: { input: path.join(root, "kernel-page.html") },
      },
    });
    const assets = path.join(folder, "site", "assets");
    const scripts = await Promise.all(
      (await readdir(assets)).map((name) => readFile(path.join(assets, name))),
    );
    const gzippedBytes = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
    if (chromiumPath === undefined) return { gzippedBytes, firstCheckMilliseconds: undefined };
    const milliseconds = await firstChecks(path.join(folder, "site"), { claim, certificate });
    return { gzippedBytes, firstCheckMilliseconds: median(milliseconds) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firstChecks(
  folder: string,
  subject: { readonly claim: object; readonly certificate: Uint8Array },
): Promise<readonly number[]> {
  const text = JSON.stringify(subject.claim, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  const bytes = [...subject.certificate];
  await using server = await serve({ folder, headers: {} });
  const browser = await launch();
  const milliseconds: number[] = [];
  try {
    for (let round = 0; round < 5; round++) {
      const { page } = await open(browser, `${server.origin}/kernel-page.html`);
      const answer = await page.evaluate(
        ([claim, certificate]) => kernelPage.firstCheck(claim, certificate),
        [text, bytes] as const,
      );
      if (answer.type !== "certified") throw new Error(`not certified: ${answer.type}`);
      milliseconds.push(answer.milliseconds);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  return milliseconds;
}
