import { accessSync, constants, copyFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { root } from "../workspace.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // the next candidate is tried
  }
}

function findBrowser() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

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
  const instance = await chromium.launch({ executablePath, args, timeout: 60_000 });
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
