// Queues and rate budgets as tables.
import { Anchor, Progress, Text } from "@mantine/core";
import { Link } from "wouter";
import type { Answer } from "../../api/routes";
import { standing } from "../apps/connection";
import { StatusChip } from "../shared/StatusChip";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { Section } from "./StatusCards";
import { countWords, queueWords, workersWords } from "./statusWords";

type Status = Answer<"get", "/status">;
type Row = Status["connections"][number];

export function Queues({ queues }: { queues: Status["queues"] }) {
  return (
    <Section title="Queues">
      <table className={classes.table} aria-label="Queues">
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col">Waiting</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.name}>
              <td data-label="Queue">{queueWords(queue.name)}</td>
              <td data-label="Waiting">{countWords(queue.depth)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function Workers({ workers }: { workers: Status["workers"] }) {
  if (workers.length === 0) return null;
  return (
    <Section title="Workers">
      <table className={classes.table} aria-label="Workers">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">At work</th>
            <th scope="col">Waiting for one</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((lane) => (
            <tr key={lane.name}>
              <td data-label="For">{workersWords(lane.name)}</td>
              <td data-label="At work">
                {countWords(lane.busy)} of {countWords(lane.threads)}
              </td>
              <td data-label="Waiting for one">{countWords(lane.waiting)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

export function Budgets({ connections }: { connections: readonly Row[] }) {
  if (connections.length === 0) return null;
  return (
    <Section title="Connections and their rate budgets">
      <table className={classes.table} aria-label="Rate budgets">
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">State</th>
            <th scope="col">Calls left at GitLab</th>
            <th scope="col">Resets</th>
          </tr>
        </thead>
        <tbody>
          {connections.map((row) => (
            <tr key={row.name}>
              <td data-label="Connection">
                <Anchor
                  component={Link}
                  href={`/settings/apps/gitlab/${encodeURIComponent(row.name)}`}
                  size="sm"
                >
                  {row.name}
                </Anchor>
              </td>
              <td data-label="State">
                <StatusChip status={row.status} label={standing(row).label} />
              </td>
              <td data-label="Calls left">
                <Left budget={row.budget} name={row.name} />
              </td>
              <td data-label="Resets">
                <Resets budget={row.budget} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Left({ budget, name }: { budget: Row["budget"]; name: string }) {
  if (!budget || budget.limit === null || budget.remaining === null)
    return <>GitLab has not said yet</>;
  const share = budget.limit > 0 ? (100 * budget.remaining) / budget.limit : 0;
  return (
    <div>
      {countWords(budget.remaining)} of {countWords(budget.limit)} a minute
      <Progress
        value={share}
        color={share < 10 ? "red" : "teal"}
        aria-label={`Calls left of ${name}`}
        w={120}
        mt={4}
      />
      {budget.queue > 0 && (
        <Text size="xs" c="dimmed">
          {countWords(budget.queue)} wait for their turn
        </Text>
      )}
    </div>
  );
}

function Resets({ budget }: { budget: Row["budget"] }) {
  if (budget?.limitedUntil)
    return (
      <div>
        rate limited until <Moment at={budget.limitedUntil} />
      </div>
    );
  return budget?.resetsAt ? <Moment at={budget.resetsAt} /> : <>–</>;
}
