// A person says what became of an effect that cannot be looked up.
import { Button, Group, JsonInput, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Json } from "../../../api/json";
import { server } from "../../../api/server";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { taskName } from "../model/words";
import { useFocusBack } from "../../shared/useFocusBack";

type Decision = "happened" | "not-happened" | "fail";

const choices: readonly { value: Decision; label: string; description: string }[] = [
  {
    value: "happened",
    label: "It happened",
    description: "The run goes on with the result below.",
  },
  { value: "not-happened", label: "It did not happen", description: "It is sent once more." },
  {
    value: "fail",
    label: "Let the step fail",
    description: "The workflow deals with the error, or the run fails.",
  },
];

export function SettleDialog({
  run,
  task,
  onClose,
}: {
  run: string;
  task: string;
  onClose: () => void;
}) {
  useFocusBack();
  const [decision, setDecision] = useState<Decision | "">("");
  const [output, setOutput] = useState("{}");
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const settle = useMutation({
    mutationFn: (decision: Decision) =>
      server.post(`/runs/${run}/effects/decide`, {
        task,
        decision,
        ...(decision === "happened" ? { output: JSON.parse(output) as Json } : {}),
        ...(reason !== "" ? { reason } : {}),
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["run", run] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`What became of ${taskName(task)}?`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (decision !== "") settle.mutate(decision);
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            Its answer was lost and there is no way to look it up. Look at the other side yourself,
            then choose.
          </Text>
          <Radio.Group
            value={decision}
            onChange={(value) => setDecision(value as Decision)}
            aria-label="What became of it"
          >
            <Stack gap="xs">
              {choices.map((each) => (
                <Radio key={each.value} {...each} />
              ))}
            </Stack>
          </Radio.Group>
          {decision === "happened" && (
            <JsonInput
              label="Result"
              description='What the step gives, for example {"id": 42}: later steps may use it.'
              value={output}
              onChange={setOutput}
              validationError="This is not JSON"
              formatOnBlur
              autosize
              minRows={3}
            />
          )}
          <TextInput
            label="Reason"
            description="Kept in the run and in the audit log."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {settle.isError && <ErrorPanel error={settle.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" disabled={decision === ""} loading={settle.isPending}>
              Settle it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
