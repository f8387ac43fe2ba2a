import { readdirSync } from "node:fs";

/**
 * What a scenario found: whether what was promised holds, or that the machine cannot play it, and what was seen.
 *
 * @typedef {object} Finding
 * @property {boolean} holds
 * @property {boolean} [skipped]
 * @property {string} seen
 */

/**
 * What a module of `test/faults/scenarios` exports: one row of docs/reliability.md, named after its file.
 *
 * @typedef {object} Scenario
 * @property {string} id
 * @property {number} row Of the table in the design, §8.
 * @property {string} injected
 * @property {string} promised
 * @property {boolean} [alone] True where what is promised is so short a time, or so little memory, that scenarios beside it disturb.
 * @property {(scale: "fast" | "campaign") => Promise<Finding>} run
 */

/**
 * The scenarios of a folder, by name.
 *
 * @param {URL} folder with a slash at its end
 * @returns {Promise<Scenario[]>}
 */
export async function loadScenarios(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".mjs"));
  if (names.length === 0) throw new Error(`no scenario in ${folder.href}`);
  return Promise.all(names.sort().map((name) => loadScenario(new URL(name, folder), name.replace(".mjs", ""))));
}

/**
 * @param {URL} module
 * @param {string} name
 * @returns {Promise<Scenario>}
 */
async function loadScenario(module, name) {
  const { id, row, injected, promised, alone = false, run } = await import(module.href);
  if (id !== name) throw new Error(`the scenario ${name} calls itself ${id}`);
  return { id, row, injected, promised, alone, run };
}
