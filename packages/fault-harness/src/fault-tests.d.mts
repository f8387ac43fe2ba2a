/** One test of vitest for each scenario of the folder, which ends in a slash. Most of them run side by side. */
export function faultTests(folder: URL): Promise<void>;
