export { hasNodeModules } from "./modules.ts";
export { nodePlatform } from "./platform.ts";
