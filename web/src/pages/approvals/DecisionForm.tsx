// Approve or refuse: the form the workflow asks for, a comment, and two buttons.
import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../api/server";
import { ErrorPanel } from "../shared/ErrorPanel";
import { fieldsOf, valuesOf, type Answers, type Approval, type Field } from "./approval";

export function DecisionForm({ approval }: { approval: Approval }) {
  const fields = fieldsOf(approval.form);
  const [answers, setAnswers] = useState<Answers>({});
  const [comment, setComment] = useState("");
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: "approve" | "refuse") =>
      server.post(`/approvals/${approval.id}/decisions`, {
        decision,
        ...(comment !== "" ? { comment } : {}),
        ...(decision === "approve" && fields.length > 0
          ? { values: valuesOf(fields, approval.form, answers) }
          : {}),
      }),
    onSuccess: (answer) => {
      client.setQueryData(["approval", approval.id], answer);
      void client.invalidateQueries({ queryKey: ["approvals"] });
    },
  });
  const missing = fields.some(
    (field) => field.required && (answers[field.name] ?? field.start) === "",
  );
  return (
    <Stack gap="sm" component="section" aria-label="Your decision">
      <Title order={2} size="h5">
        Your decision
      </Title>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={answers[field.name] ?? field.start}
          onChange={(value) => setAnswers({ ...answers, [field.name]: value })}
        />
      ))}
      <Textarea
        label="Comment"
        description="Kept with the decision; the run can use it."
        autosize
        minRows={2}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {decide.isError && <ErrorPanel error={decide.error} />}
      <Group gap="xs">
        <Button
          color="#1a7f4b"
          disabled={missing}
          loading={decide.isPending && decide.variables === "approve"}
          onClick={() => decide.mutate("approve")}
        >
          Approve
        </Button>
        <Button
          variant="default"
          c="red"
          loading={decide.isPending && decide.variables === "refuse"}
          onClick={() => decide.mutate("refuse")}
        >
          Refuse
        </Button>
        {missing && (
          <Text size="xs" c="dimmed">
            To approve, fill in what is marked with *.
          </Text>
        )}
      </Group>
    </Stack>
  );
}

interface FieldProps {
  field: Field;
  value: string | number | boolean;
  onChange: (value: string | number | boolean) => void;
}

function FieldInput({ field, value, onChange }: FieldProps) {
  const about = { label: field.label, description: field.help, required: field.required };
  switch (field.kind) {
    case "choice":
      return (
        <Select
          {...about}
          data={field.options}
          value={value === "" ? null : String(value)}
          onChange={(next) => onChange(next ?? "")}
          clearable={!field.required}
        />
      );
    case "number":
    case "integer":
      return (
        <NumberInput
          {...about}
          value={value as number | string}
          onChange={onChange}
          allowDecimal={field.kind === "number"}
          min={field.minimum}
          max={field.maximum}
        />
      );
    case "yes-no":
      return (
        <Checkbox
          label={field.label}
          description={field.help}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "text":
      return (
        <TextInput
          {...about}
          value={String(value)}
          maxLength={field.maxLength}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
