export const id = "third";
export const row = 2;
export const injected = "nothing";
export const promised = "what this machine cannot play";
export const run = async () => ({ holds: false, skipped: true, seen: "no such machine" });
