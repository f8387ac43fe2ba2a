import { sleep } from "../../../src/wait.mjs";

globalThis.scenariosUnderWay = 0;

export const id = "first";
export const row = 1;
export const injected = "nothing";
export const promised = "the next one beside it";
export const run = async () => {
  globalThis.scenariosUnderWay++;
  await sleep(100);
  const others = --globalThis.scenariosUnderWay;
  return { holds: others > 0, seen: `${others} others` };
};
