/** A sink of three lines, and what the others here are made of. */
export function plainSink(got = []) {
  return {
    id: "plain",
    emit: (record) => void got.push(record),
    flush: async () => undefined,
    close: async () => {},
    supportsSeverity: () => true,
  };
}

export function plainSubject(name, module, more = {}) {
  return {
    name,
    module,
    create() {
      const got = [];
      return { sink: plainSink(got), delivered: () => got };
    },
    ...more,
  };
}

export const subject = plainSubject("plain", import.meta.url);
