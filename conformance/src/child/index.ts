export { playInChild } from "./play-in-child.ts";
export { type ChildAnswer, refuseInChild } from "./task.ts";
