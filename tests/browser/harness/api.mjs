// What a spec prepares or looks up without clicking: calls of the REST API as the org admin.
import { readFile } from "node:fs/promises";

export const people = {
  ada: {
    username: "ada",
    name: "Ada Admin",
    email: "ada@example.com",
    password: "correct horse battery",
  },
};

export class Api {
  constructor(servers) {
    this.servers = servers;
  }

  async call(method, path, body, type = "application/json") {
    const answer = await fetch(`${this.servers.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.servers.adminToken}`,
        ...(body === undefined ? {} : { "Content-Type": type }),
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  get(path) {
    return this.call("GET", path);
  }
  post(path, body = {}, type) {
    return this.call("POST", path, body, type);
  }

  // The first org admin, by the one-time link.
  setUp() {
    return this.post("/setup", { token: this.servers.setupToken, ...people.ada });
  }

  connect() {
    const { gitlab, accessToken } = this.servers;
    return this.post("/connections", {
      name: "default",
      baseUrl: gitlab,
      accessToken,
      default: true,
    });
  }

  async publish(file) {
    return this.post("/workflows", await readFile(file, "utf8"), "application/yaml");
  }

  event(type, subject, data) {
    const id = `${Date.now()}-${Math.random()}`;
    const event = { specversion: "1.0", id, source: "/spec", type, subject, data };
    return this.post("/events", event, "application/cloudevents+json");
  }

  // The sandbox's control API: breaks things on purpose.
  async control(method, path, body) {
    const answer = await fetch(`${this.servers.gitlab}/-/sandbox/${path}`, {
      method,
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`sandbox ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  // An application at the look-alike, as its owner would make it there.
  async application() {
    const application = { id: "browser-app", secret: `gloas-${"0123456789abcdef".repeat(4)}` };
    await this.control("POST", "applications", {
      uid: application.id,
      secret: application.secret,
      name: "Fairlead",
      redirectUris: [`${this.servers.url}/oauth/callback`],
    });
    return application;
  }

  // Of the sandbox's GitLab, as its user alice.
  async gitlab(method, path, body) {
    const answer = await fetch(`${this.servers.gitlab}/api/v4${path}`, {
      method,
      headers: { "PRIVATE-TOKEN": this.servers.accessToken, "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok)
      throw new Error(`GitLab: ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

// Until `look` gives something true.
export async function until(what, look, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`);
    await new Promise((go) => setTimeout(go, 100));
  }
}
