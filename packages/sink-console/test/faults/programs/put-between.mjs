// What people put between a program and its stdout. Each answers the options that the sink needs, if any.
import { Writable } from "node:stream";

const { stdout, stderr } = process;
const genuine = stdout.write;
const toStdout = (chunk, ...rest) => genuine.call(stdout, chunk, ...rest);

const ways = {
  nothing() {},
  "all arguments"() {
    stdout.write = (...all) => genuine.apply(stdout, all);
  },
  "three parameters"() {
    stdout.write = function write(chunk, encoding, callback) {
      return genuine.call(this, chunk, encoding, callback);
    };
  },
  "the callback forgotten"() {
    stdout.write = (chunk) => genuine.call(stdout, chunk);
  },
  "answer and callback forgotten"() {
    stdout.write = (chunk) => void genuine.call(stdout, chunk);
  },
  "text, piece by piece"() {
    stdout.write = (chunk) => {
      for (const line of String(chunk).split(/(?<=\n)/)) genuine.call(stdout, line);
      return true;
    };
  },
  "calls back at once"() {
    stdout.write = (chunk, _encoding, callback) => {
      genuine.call(stdout, chunk);
      (callback ?? _encoding)?.();
      return true;
    };
  },
  "an async function"() {
    stdout.write = async (chunk) => genuine.call(stdout, chunk);
  },
  "replaced twice"() {
    ways["all arguments"]();
    const once = stdout.write;
    stdout.write = (chunk, ...rest) => once(chunk, ...rest);
  },
  "replaced and restored"() {
    ways["three parameters"]();
    stdout.write = genuine;
  },
  "defined as a property"() {
    Object.defineProperty(stdout, "write", { value: toStdout, configurable: true });
  },
  "stderr's function"() {
    stderr.write = (...all) => genuine.apply(stdout, all);
    return { stream: "stderr" };
  },
  "a bound function"() {
    stderr.write = genuine.bind(stdout);
    return { stream: "stderr" };
  },
  "an object that writes to stdout"() {
    return { stream: { write: (text) => stdout.write(text) } };
  },
  "a proxy"() {
    return { stream: new Proxy(stdout, { get: (target, key) => bound(target, key) }) };
  },
  "a proxy in its place"() {
    const value = new Proxy(stdout, { get: (target, key) => bound(target, key) });
    Object.defineProperty(process, "stdout", { value, configurable: true });
  },
};

const streams = {
  "a stream of the user"() {
    return {
      stream: new Writable({ write: (chunk, encoding, done) => void genuine.call(stdout, chunk, encoding, done) }),
    };
  },
  "a stream in object mode"() {
    const write = (chunk, encoding, done) => void genuine.call(stdout, chunk, encoding, done);
    return { stream: new Writable({ objectMode: true, write }) };
  },
};

function bound(target, key) {
  const value = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}

/** Puts something between; answers the options that the sink needs. */
export const putBetween = (how) => ({ ...ways, ...streams })[how]() ?? {};
/** These hand on at once whatever they are given. */
export const waysToPassOn = Object.keys(ways);
/** These keep what they are given until their turn comes, which at exit it does not. */
export const waysToCallBack = Object.keys(streams);
