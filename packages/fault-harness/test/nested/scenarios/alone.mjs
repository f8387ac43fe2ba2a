export const id = "alone";
export const row = 3;
export const injected = "nothing";
export const promised = "no other scenario under way";
export const alone = true;
export const run = async () => ({
  holds: globalThis.scenariosUnderWay === 0,
  seen: `${globalThis.scenariosUnderWay} others`,
});
