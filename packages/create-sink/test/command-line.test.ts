import { expect, test } from "vitest";
import { readCommandLine, TEMPLATES, USAGE } from "../src/command-line.ts";
import { UsageError } from "../src/usage-error.ts";

const NOTHING = { folder: undefined, name: undefined, template: undefined, yes: false, help: false };

test("without arguments nothing is given", () => {
  expect(readCommandLine([])).toEqual(NOTHING);
});

test("folder and options in any order", () => {
  const expected = { folder: "here", name: "@acme/sink-x", template: "sync", yes: true, help: false };
  expect(readCommandLine(["here", "--name", "@acme/sink-x", "--template", "sync", "--yes"])).toEqual(expected);
  expect(readCommandLine(["--name=@acme/sink-x", "-y", "--template=sync", "here"])).toEqual(expected);
});

test("--help and -h", () => {
  for (const option of ["--help", "-h"]) expect(readCommandLine([option])).toEqual({ ...NOTHING, help: true });
});

test.each([
  ["an unknown option, with those there are", ["--nmae", "x"], /Unknown option '--nmae'; options: --name, --template/],
  ["an unknown short option", ["-x"], /Unknown option '-x'/],
  ["a missing value", ["--name"], /--name <value>' argument missing/],
  ["an option in the place of a value", ["--name", "--yes"], /--name/],
  ["a value for a switch", ["--yes=no"], /--yes' does not take an argument/],
  ["more than one folder", ["here", "there"], /one folder is enough, but there are 2/],
  ["a folder without a name", [" "], /the folder's name is empty/],
  ["an unknown template", ["--template", "async"], /--template "async": there is no such template; .*sync, remote/],
  ["a template from Object's prototype", ["--template", "toString"], /no such template/],
  ["an invalid name", ["--name", "My Sink"], /--name "My Sink": a package name has no capital letters/],
])("%s is refused in one line", (_, args, message) => {
  let error: unknown;
  try {
    readCommandLine(args);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain("\n");
});

test("the usage names every template", () => {
  for (const name of Object.keys(TEMPLATES)) expect(USAGE).toContain(`${name} `);
});
