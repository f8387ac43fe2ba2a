import { expect, test } from "vitest";
import { sinkRules } from "../src/index.ts";
import { mutants } from "./mutants/index.ts";
import { childMutants } from "./mutants/process.ts";
import { rulesMarkdown } from "./rules-markdown.ts";

const planted = [...mutants, ...childMutants];

test("RULES.md says what the rules and the planted bugs say: else run `npm run rules`", async () => {
  await expect(rulesMarkdown(sinkRules, planted)).toMatchFileSnapshot("../RULES.md");
});

test("every planted bug is caught by a rule that exists, and every bug is a different one", () => {
  const ids = sinkRules.map(({ id }) => id);
  expect(planted.filter(({ breaks }) => !ids.includes(breaks))).toEqual([]);
  expect(new Set(planted.map(({ bug }) => bug)).size).toBe(planted.length);
});

test("every rule is told in whole sentences of one line", () => {
  const odd = sinkRules.filter((rule) =>
    [rule.what, rule.why, rule.fix].some((text) => /\n/.test(text) || !/^[\p{Lu}\p{Ll}].*[.!]$/u.test(text)),
  );
  expect(odd.map(({ id }) => id)).toEqual([]);
});
