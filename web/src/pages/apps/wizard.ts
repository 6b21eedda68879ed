// The wizard's answers, and what they become: a connection to be made.
import { type NewConnection, type Probe, gitlabCom } from "./connection";

export interface Answers {
  place: "gitlab.com" | "own";
  url: string;
  caPem: string;
  proxy: string;
  way: "oauth" | "device" | "token";
  access: "full" | "read";
  clientId: string;
  clientSecret: string;
  accessToken: string;
  name: string;
}

export const noAnswers: Answers = {
  place: "gitlab.com",
  url: "",
  caPem: "",
  proxy: "",
  way: "oauth",
  access: "full",
  clientId: "",
  clientSecret: "",
  accessToken: "",
  name: "",
};

export function baseUrlOf(answers: Answers): string {
  if (answers.place === "gitlab.com") return gitlabCom;
  const url = answers.url.trim().replace(/\/+$/, "");
  return url === "" || /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `https://${url}`;
}

// What is wrong with the address as it is written, or "".
export function addressFault(answers: Answers): string {
  const url = baseUrlOf(answers);
  const scheme = /^([^:/]+):\/\//.exec(url)?.[1];
  if (scheme === undefined || /^https?$/i.test(scheme)) return "";
  return `GitLab is not reached by ${scheme}://. Write the address with https:// (or http://).`;
}

function reach(answers: Answers): { caPem?: string; proxy?: string } {
  const parts: { caPem?: string; proxy?: string } = {};
  if (answers.place === "own" && answers.caPem.trim() !== "") parts.caPem = answers.caPem;
  if (answers.place === "own" && answers.proxy.trim() !== "") parts.proxy = answers.proxy.trim();
  return parts;
}

export function probeRequest(answers: Answers) {
  return { baseUrl: baseUrlOf(answers), ...reach(answers) };
}

export const scopesOf = (answers: Answers): string =>
  answers.access === "read" ? "read_api" : "api";

export function connectionRequest(answers: Answers): NewConnection {
  const common = {
    name: answers.name.trim(),
    baseUrl: baseUrlOf(answers),
    ...reach(answers),
  };
  if (answers.way === "token") return { ...common, accessToken: answers.accessToken.trim() };
  return {
    ...common,
    clientId: answers.clientId.trim(),
    ...(answers.clientSecret.trim() === "" ? {} : { clientSecret: answers.clientSecret.trim() }),
    scopes: scopesOf(answers),
  };
}

// "gitlab" for gitlab.com, else the host's first part; with a number if that is taken.
export function suggestedName(answers: Answers, taken: readonly string[]): string {
  let name = "gitlab";
  if (answers.place === "own") {
    const host = /^https?:\/\/([^/:]+)/.exec(baseUrlOf(answers))?.[1] ?? "gitlab";
    const plain = /^[\d.]+$/.test(host) ? "gitlab" : (host.split(".")[0] ?? "gitlab");
    name = plain.toLowerCase().replace(/[^a-z0-9-]/g, "-") || "gitlab";
  }
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${name}-${number}`;
  return free;
}

export const canGoOn = (probe: Probe | undefined): boolean =>
  probe?.reachable === true && probe.gitlab && probe.tls.state !== "refused";
