import { sleep } from "../../../src/wait.mjs";

export const id = "second";
export const row = 2;
export const injected = "nothing";
export const promised = "what does not hold";
export const run = async (scale) => {
  globalThis.scenariosUnderWay++;
  await sleep(200);
  globalThis.scenariosUnderWay--;
  return { holds: false, seen: `something else, ${scale}` };
};
