// What a record of each workload is, how it is logged, and what must be found in its line.
import * as fields from "./fields.mjs";

const { bound, message } = fields;

/**
 * - `title`: for tables.
 * - `isDisabled`: the level is off, no line may appear.
 * - `redacts`, `isTraced`: the peer is set up to mask secrets, to write the ids of the active span.
 * - `prepare(peer)`: returns `log(n)`, which logs record n through the peer's methods.
 * - `expected(n)`: values that the line of record n must hold, at any depth.
 * - `secrets(n)`: values that it must not hold.
 */
export const workloads = {
  W1: {
    title: "disabled level",
    isDisabled: true,
    prepare: (peer) => () => peer.debug(peer.root, message),
  },
  W1a: {
    title: "disabled level, 3 attributes",
    isDisabled: true,
    prepare: (peer) => (n) => peer.debug(peer.root, message, fields.threeAttributes(n)),
  },
  W2: attributesAtCall("message and 3 attributes", fields.threeAttributes),
  W3: childOfFive("child with 5 bound, 8 more at the call, nested"),
  W3r: {
    title: "a new child with 5 bound for each record, 3 more",
    prepare: (peer) => (n) => peer.info(peer.child(peer.root, bound), message, fields.threeAttributes(n)),
    expected: (n) => [bound, fields.threeAttributes(n)],
  },
  W4: {
    title: "as W3, two values are secret",
    redacts: true,
    prepare: (peer) => {
      const child = peer.child(peer.root, bound);
      return (n) => peer.info(child, message, fields.secretAttributes(n));
    },
    expected: (n) => {
      const { db_password: _, order, ...plain } = fields.secretAttributes(n);
      return [bound, plain, order.id, fields.mask];
    },
    secrets: (n) => {
      const { db_password: password, order } = fields.secretAttributes(n);
      return [password, order.card_token];
    },
  },
  W5: {
    title: "error with its stack",
    prepare: (peer) => (n) => peer.error(peer.root, message, fields.errorOf(n)),
    expected: (n) => [fields.errorOf(n).message, "at throwDeep"],
  },
  W6: { ...childOfFive("as W3, in an active span"), isTraced: true },
  "W9-1": attributesAtCall("1 attribute", fields.attributesOf(1)),
  "W9-4": attributesAtCall("4 attributes", fields.attributesOf(4)),
  "W9-16": attributesAtCall("16 attributes", fields.attributesOf(16)),
  "W9-64": attributesAtCall("64 attributes", fields.attributesOf(64)),
  deep: {
    title: "as W3, the five bound by 64 children, one below the other",
    prepare: (peer) => {
      const entries = Object.entries(bound);
      let child = peer.root;
      for (let depth = 0; depth < 64; depth++) {
        const [key, value] = entries[depth % entries.length];
        child = peer.child(child, { [key]: value });
      }
      return (n) => peer.info(child, message, fields.eightAttributes(n));
    },
    expected: (n) => [bound, fields.eightAttributes(n)],
  },
};

function attributesAtCall(title, attributes) {
  return {
    title,
    prepare: (peer) => (n) => peer.info(peer.root, message, attributes(n)),
    expected: (n) => [attributes(n)],
  };
}

function childOfFive(title) {
  return {
    title,
    prepare: (peer) => {
      const child = peer.child(peer.root, bound);
      return (n) => peer.info(child, message, fields.eightAttributes(n));
    },
    expected: (n) => [bound, fields.eightAttributes(n)],
  };
}
