// node run-package.mjs import|require <script>: run inside the project that has the packages installed.
import { createRequire } from "node:module";

const [way, script] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { run } = await import(script);
await run(way === "require" ? async (specifier) => require(specifier) : (specifier) => import(specifier));
