import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../workspace.mjs";
import { findBrowser, launchBrowser } from "./chromium.mjs";

/** The page, from the installed packages, as a script for browsers. A `node:` import anywhere makes the build fail. */
async function bundlePage(project) {
  const entry = join(project, "browser-page.mjs");
  copyFileSync(join(root, "scripts", "checks", "in-project", "browser-page.mjs"), entry);
  const options = {
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0].text;
}

/** The page leaves `[title, problem | null][]` in `globalThis.checks`, a promise. */
export async function browser(tally, context) {
  const script = await bundlePage(await context.installed());
  tally.pass();
  const executablePath = findBrowser();
  if (executablePath === undefined) return tally.skip("no Chromium found (.ci/run installs one)");
  const instance = await launchBrowser();
  try {
    tally.note(`${executablePath} ${instance.version()}`);
    const page = await instance.newPage();
    page.setDefaultTimeout(30_000);
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.stack ?? String(error)));
    await page.addScriptTag({ content: script });
    const results = await page.evaluate(() => globalThis.checks ?? []);
    for (const [title, problem] of results) tally.expect(problem === null, title, problem);
    tally.expect(results.length > 0 && errors.length === 0, "errors on the page", errors.join("\n"));
  } finally {
    await instance.close();
  }
}
