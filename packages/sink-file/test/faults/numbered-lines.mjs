// What the programs write are lines `{"n":<number>,"pad":"…"}`, in a file and its archives: which are there, and how whole.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The texts of the live file and its archives, the oldest first, compressed ones unpacked. */
export function textsOf(path) {
  const start = `${basename(path)}.`;
  const archives = [];
  for (const name of readdirSync(dirname(path))) {
    const match = name.startsWith(start) ? /^([0-9]+)(\.gz)?$/.exec(name.slice(start.length)) : null;
    if (match !== null) archives.push({ number: Number(match[1]), name, isGzip: match[2] !== undefined });
  }
  archives.sort((a, b) => b.number - a.number);
  const texts = archives.map(({ name, isGzip }) => {
    const bytes = readFileSync(join(dirname(path), name));
    return (isGzip ? gunzipSync(bytes) : bytes).toString("utf8");
  });
  if (existsSync(path)) texts.push(readFileSync(path, "utf8"));
  return texts;
}

/**
 * What the files hold: the numbers of whole lines in order, how many lines are the beginning of one, and how many are
 * anything else, such as two lines in one.
 */
export function readNumbers(path) {
  const numbers = [];
  let torn = 0;
  let broken = 0;
  for (const text of textsOf(path)) {
    if (text !== "" && !text.endsWith("\n")) broken++;
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const whole = /^\{"n":(\d+),"pad":"x*"\}$/.exec(line);
      if (whole !== null) numbers.push(Number(whole[1]));
      else if (/^(\{?|\{"n?|\{"n"?:?|\{"n":\d*,?|\{"n":\d+,"[pad]*"?:?"?x*"?)$/.test(line)) torn++;
      else broken++;
    }
  }
  return { numbers, torn, broken };
}

/** How many of the wanted numbers are not there, and how many are there twice. */
export function compare(wanted, numbers) {
  const counts = new Map();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return {
    lost: wanted.filter((number) => !counts.has(number)).length,
    twice: [...counts.values()].filter((count) => count > 1).length,
  };
}
