// Numbers of the status page in words. Pure.
const sizes = ["B", "kB", "MB", "GB", "TB"];

export function bytesWords(bytes: number): string {
  if (bytes <= 0) return "";
  const step = Math.min(sizes.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${sizes[step]!}`;
}

// "waitingForSignIn" -> "Waiting for sign in"
export function nameWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words === "" ? "" : words[0]!.toUpperCase() + words.slice(1);
}

const queues: Readonly<Record<string, string>> = {
  events: "Events to be handed to workflows",
  commits: "Runs being written down",
};

export const queueWords = (name: string): string => queues[name] ?? nameWords(name);

const workers: Readonly<Record<string, string>> = {
  expressions: "Expressions (jq)",
  actions: "Actions and calls",
};

export const workersWords = (name: string): string => workers[name] ?? nameWords(name);

/** "12,345" */
export const countWords = (count: number): string => count.toLocaleString("en-GB");
