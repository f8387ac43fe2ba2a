// pnpm's hooks. A tarball holds no sources, and so no condition that leads to them.
export const hooks = {
  beforePacking: withoutSources,
};

function withoutSources(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "@dagstack/source");
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutSources(member)]));
}
