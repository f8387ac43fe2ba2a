// What the suite is tried on under each framework: one sink that keeps the rules, and three that do not.

/** A sink that delivers inside `emit`, in fifteen lines. */
function arraySink(items, parts = {}) {
  return {
    id: "array",
    supportsSeverity: () => true,
    emit: (record) => void items.push(record),
    flush: async () => ({ success: true, partial: false, failedSinks: [] }),
    close: async () => {},
    ...parts,
  };
}

function subject(name, parts) {
  return {
    name,
    create() {
      const items = [];
      return { sink: arraySink(items, parts), delivered: () => items };
    },
  };
}

/** The rules that these subjects are about. */
export const rules = ["SHAPE-01", "SHAPE-03", "FLUSH-01"];

export const passing = subject("a sink that passes");
/** Loses every record, and says that all is well. */
export const lying = subject("a sink that lies", { emit: () => {} });
/** Known to fail one rule. */
export const waived = {
  ...subject("a sink with a waiver", { supportsSeverity: () => 1 }),
  waivers: { "SHAPE-03": "its authors count in C" },
};
export const faulty = {
  name: "a faulty subject",
  create() {
    throw new RangeError("no port is free");
  },
};
