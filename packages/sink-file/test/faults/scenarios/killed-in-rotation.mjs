import { dieInRotation } from "../die-in-rotation.mjs";

export const id = "killed-in-rotation";
export const row = 9;
export const injected =
  "a kill before or after each call to the file system that a rotation makes, the same files opened again each time";
export const promised = "no flushed record lost, none twice; the next start goes on";

export const run = (scale) => dieInRotation(scale, false);
