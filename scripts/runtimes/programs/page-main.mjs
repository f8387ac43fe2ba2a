// In a page or a worker of one: waits for the receiver's address, leaves the results where the cell looks.
import { points } from "./points.mjs";

export function inPage(adapter) {
  globalThis.runPoints = (otlpUrl) => points(adapter, { otlpUrl, syncOnly: true });
  globalThis.addEventListener?.("message", async ({ data, ports: [port] }) => {
    port?.postMessage(await globalThis.runPoints(data));
  });
}
