// The parts of the status page: a figure with its name, and sections of them.
import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { countWords } from "./statusWords";
import classes from "./StatusPage.module.css";

export function Card(props: { title: string; note?: string; children: ReactNode }) {
  return (
    <div className={classes["card"]}>
      <Text size="xs" c="dimmed">
        {props.title}
      </Text>
      <Text size="lg" fw={600} component="div" className={classes["figure"]}>
        {props.children}
      </Text>
      {props.note && (
        <Text size="xs" c="dimmed">
          {props.note}
        </Text>
      )}
    </div>
  );
}

// `bad`: worth a look if it is not nothing.
export function Count(props: { title: string; count: number; bad?: true }) {
  return (
    <Card
      title={props.title}
      {...(props.bad && props.count > 0 ? { note: "look at Admin > Webhooks" } : {})}
    >
      {countWords(props.count)}
    </Card>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}
