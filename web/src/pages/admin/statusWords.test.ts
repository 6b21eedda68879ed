import { expect, it } from "vitest";
import { bytesWords, nameWords, queueWords, workersWords } from "./statusWords";

it.each([
  [0, ""],
  [999, "999 B"],
  [1_500, "1.5 kB"],
  [42_000_000, "42 MB"],
])("says %d bytes as %s", (bytes, words) => expect(bytesWords(bytes)).toBe(words));

it("reads a member's name", () =>
  expect(nameWords("waitingForSignIn")).toBe("Waiting for sign in"));

it("names workers it knows, and any other by their own name", () => {
  expect(workersWords("actions")).toBe("Actions and calls");
  expect(workersWords("imports")).toBe("Imports");
});

it("names a queue it knows, and any other by its own name", () => {
  expect(queueWords("events")).toBe("Events to be handed to workflows");
  expect(queueWords("outboxTasks")).toBe("Outbox tasks");
});
