import { describe, expect, it } from "vitest";
import type { CommandLine } from "../src/command-line.ts";
import { makePlan, type Plan } from "../src/plan.ts";
import { ScriptedDialogue } from "./scripted-dialogue.ts";

const CWD = "/home-of/sink-here";
const NAME = "@acme/sink-x";

function plan(given: Partial<CommandLine>, dialogue = new ScriptedDialogue()): Promise<Plan> {
  return makePlan({ yes: false, help: false, ...given }, CWD, dialogue);
}

describe("everything given", () => {
  it("is taken as it is, and nothing is asked", async () => {
    const dialogue = new ScriptedDialogue([]);
    const given = { folder: "a", name: NAME, template: "sync" } as const;
    expect(await plan(given, dialogue)).toEqual(given);
    expect(dialogue.questions).toEqual([]);
  });

  it("but for the folder: the last part of the name", async () => {
    expect((await plan({ name: NAME, template: "sync" })).folder).toBe("sink-x");
  });
});

describe("nobody to ask", () => {
  it("lists everything that is missing", async () => {
    await expect(plan({ folder: "a" })).rejects.toThrow("missing: --name, --template; or --yes");
    await expect(plan({ name: NAME })).rejects.toThrow("missing: --template; or --yes");
    await expect(plan({ template: "sync" })).rejects.toThrow("missing: --name; or --yes");
  });
});

describe("--yes", () => {
  it("asks nothing even where somebody is", async () => {
    const dialogue = new ScriptedDialogue([]);
    expect(await plan({ yes: true, name: NAME }, dialogue)).toEqual({
      folder: "sink-x",
      name: NAME,
      template: "remote",
    });
    expect(dialogue.questions).toEqual([]);
  });

  it("names the package after the folder, wherever that is", async () => {
    expect((await plan({ yes: true, folder: "deep/sink-y", template: "sync" })).name).toBe("sink-y");
    expect((await plan({ yes: true, folder: "." })).name).toBe("sink-here");
  });

  it("refuses a folder whose name names no package", async () => {
    await expect(plan({ yes: true, folder: "My Sink" })).rejects.toThrow(/"My Sink" names no package .*give --name/);
  });

  it("needs a name or a folder", async () => {
    await expect(plan({ yes: true })).rejects.toThrow("missing: --name or a folder");
  });
});

describe("somebody to ask", () => {
  it("is asked for what is missing only", async () => {
    const dialogue = new ScriptedDialogue(["sync"]);
    expect(await plan({ folder: "a", name: NAME }, dialogue)).toEqual({ folder: "a", name: NAME, template: "sync" });
    expect(dialogue.questions).toHaveLength(1);
  });

  it("may take every default", async () => {
    const dialogue = new ScriptedDialogue(["", "", ""]);
    expect(await plan({}, dialogue)).toEqual({ folder: "sink-x", name: "sink-x", template: "remote" });
  });

  it("is offered the folder's name as the package's, if it can be one", async () => {
    expect((await plan({ folder: "sink-y" }, new ScriptedDialogue(["", ""]))).name).toBe("sink-y");
    expect((await plan({ folder: "My Sink" }, new ScriptedDialogue(["", ""]))).name).toBe("sink-x");
  });

  it("is asked again until the answer makes sense", async () => {
    const dialogue = new ScriptedDialogue(["Not This", NAME, "", "async", "sync"]);
    expect(await plan({}, dialogue)).toEqual({ folder: "sink-x", name: NAME, template: "sync" });
    expect(dialogue.complaints).toEqual([
      '"Not This": a package name has no capital letters',
      '"async": there is sync or remote',
    ]);
  });

  it("may leave", async () => {
    await expect(plan({}, new ScriptedDialogue([]))).rejects.toThrow("nothing was written");
  });
});
