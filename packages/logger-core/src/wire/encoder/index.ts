export { BoundLayer } from "./bound-layer.ts";
export { ByteWriter, LINE_TOO_LONG } from "./byte-writer.ts";
export { canonicalJson, canonicalString } from "./canonical-json.ts";
export { type Frame, FrameCache } from "./frame-cache.ts";
export { KeyNode, type KeyPlan, KeyTrie } from "./key-trie.ts";
export { KeyTries } from "./key-tries.ts";
export { MAX_WORDS_LENGTH, Token } from "./token.ts";
export { arePlain, isPrototypePolluted, ValueReader } from "./value-reader.ts";
export { checkNesting, isInt64, isMap, loneSurrogate, notAValue, sortedKeys } from "./value-shape.ts";
