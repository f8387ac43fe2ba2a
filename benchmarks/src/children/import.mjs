// Loads one module in a fresh process: what an application pays at its start.
const { job } = JSON.parse(process.argv[2]);
const cpuBefore = process.cpuUsage();
const before = performance.now();
await import(job.module);
const wallMs = performance.now() - before;
const { user, system } = process.cpuUsage(cpuBefore);
process.send({ cpuNs: (user + system) * 1e3, callNs: wallMs * 1e6 });
process.disconnect();
