// Where things are in the application, by name: one place to change a path.
export const paths = {
  runs: "/runs",
  run: (id: string) => `/runs/${id}`,
  workflow: (namespace: string, name: string) => `/workflows/${namespace}/${name}`,
  event: (seq: number) => `/events/${seq}`,
  events: "/events",
  approval: (id: string) => `/approvals/${id}`,
};
