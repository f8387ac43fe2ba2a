import { dieInRotation } from "../die-in-rotation.mjs";

export const id = "killed-in-compression";
export const row = 9;
export const injected = "the same with `compress: true`, also between the steps of compressing";
export const promised =
  "no flushed record lost, none twice; no half .gz; the next start compresses what was left and removes temporary files";

export const run = (scale) => dieInRotation(scale, true);
