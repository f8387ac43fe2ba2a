// A page of Chromium and a worker of it, with what bundlers make for browsers.
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findBrowser, launchBrowser } from "../../checks/chromium.mjs";
import { byEsbuild, byVite, byWebpack } from "../bundlers.mjs";
import { confirmed, failedPoints, LIBRARIES } from "../results.mjs";
import { CannotBeHad } from "../tools.mjs";

/** In the page, answers the results of a program that left `runPoints`. */
const onPage = async (page, script, otlpUrl) => {
  await page.addScriptTag({ content: script });
  return page.evaluate((url) => globalThis.runPoints(url), otlpUrl);
};

const inWorker = (page, script, otlpUrl) =>
  page.evaluate(
    ([code, url]) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
        const { port1, port2 } = new MessageChannel();
        worker.onerror = ({ message }) => reject(new Error(message));
        port1.onmessage = ({ data }) => resolve(data);
        worker.postMessage(url, [port2]);
      }),
    [script, otlpUrl],
  );

function page(name, title, bundle, run) {
  return {
    name,
    title,
    async run({ project, folder, otlp }) {
      if (findBrowser() === undefined) throw new CannotBeHad("no Chromium found (.ci/run installs one)");
      const results = {};
      const browser = await launchBrowser();
      try {
        for (const library of LIBRARIES) {
          const outfile = join(folder, library, "page.js");
          await mkdir(join(folder, library), { recursive: true });
          results[library] = await ofLibrary(join(project, `page-${library}.mjs`), outfile, library);
        }
      } finally {
        await browser.close();
      }
      return results;

      async function ofLibrary(entry, outfile, library) {
        let warnings;
        try {
          warnings = await bundle(entry, outfile);
        } catch (error) {
          return { ...failedPoints("not built"), build: String(error.message ?? error) };
        }
        const tab = await browser.newPage();
        const printed = [];
        tab.on("console", (message) => printed.push(message.text()));
        tab.on("pageerror", (error) => printed.push(error.stack ?? String(error)));
        try {
          const found = await run(tab, readFileSync(outfile, "utf8"), otlp.url(library));
          return { build: warnings || null, ...confirmed(found, printed.join("\n"), otlp.received(library)) };
        } catch (error) {
          return { build: warnings || null, ...failedPoints(String(error.message ?? error)) };
        } finally {
          await tab.close();
        }
      }
    },
  };
}

const forPages = byEsbuild({ platform: "browser", format: "iife" });

export const pages = [
  page("chromium:page", "Chromium, a page; esbuild, `platform: browser`", forPages, onPage),
  page("chromium:worker", "Chromium, a worker; esbuild, `platform: browser`", forPages, inWorker),
  page("vite:client", "Chromium, a page; Vite, client", byVite({ ssr: false }), onPage),
  page("webpack:web", "Chromium, a page; webpack 5, `target: web`", byWebpack({ target: "web" }), onPage),
];
