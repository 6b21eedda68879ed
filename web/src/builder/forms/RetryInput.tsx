// How a `try` tries again: how often, with which pauses, for which errors.

import { Button, Collapse, Select, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import { valueAt } from "../document/path";
import { isData, type Step } from "../model/outline";
import { retryForms, retryMoreForms } from "../model/retryForms";
import { KindFields } from "./KindFields";

const kinds = [
  { value: "constant", label: "Stays the same" },
  { value: "linear", label: "Grows by itself each time" },
  { value: "exponential", label: "Doubles each time, up to an hour" },
];

export function RetryInput({ step }: { step: Step }): ReactNode {
  const { document } = useBuilder();
  const retry = valueAt(document.source.data, [...step.body, "catch", "retry"]);
  const [shown, setShown] = useState(
    isData(retry) && ["jitter", "when", "exceptWhen"].some((name) => name in retry),
  );
  if (typeof retry === "string")
    return (
      <Stack gap={4}>
        <Heading />
        <Text size="sm">
          As <code>{retry}</code> of <code>use.retries</code> says: see the YAML view.
        </Text>
      </Stack>
    );
  return (
    <Stack gap="md">
      <Heading />
      {retryForms.map((form) => (
        <KindFields key={form.path.join(".")} body={step.body} form={form} />
      ))}
      <Backoff step={step} retry={isData(retry) ? retry : {}} />
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          color="gray"
          aria-expanded={shown}
          onClick={() => {
            setShown(!shown);
          }}
        >
          {shown ? "Less about trying again" : "More about trying again"}
        </Button>
        <Collapse in={shown}>
          {shown ? (
            <Stack gap="md" mt="sm">
              {retryMoreForms.map((form, index) => (
                <KindFields key={`${index}`} body={step.body} form={form} />
              ))}
            </Stack>
          ) : null}
        </Collapse>
      </div>
    </Stack>
  );
}

function Heading(): ReactNode {
  return (
    <Title order={4} size="h5">
      Trying again
    </Title>
  );
}

function Backoff({ step, retry }: { step: Step; retry: Record<string, unknown> }): ReactNode {
  const { document } = useBuilder();
  const path = [...step.body, "catch", "retry", "backoff"];
  const written = isData(retry["backoff"]) ? Object.keys(retry["backoff"])[0] : undefined;
  return (
    <Select
      label="How the pause grows"
      data={kinds}
      value={written ?? "constant"}
      allowDeselect={false}
      disabled={Object.keys(retry).length === 0}
      description={Object.keys(retry).length === 0 ? "Once it tries again at all." : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
      onChange={(next) => {
        if (next === null) return;
        document.apply(
          next === "constant"
            ? written === undefined
              ? []
              : [{ kind: "remove", path }]
            : [{ kind: "set", path, value: { [next]: {} } }],
        );
      }}
    />
  );
}
