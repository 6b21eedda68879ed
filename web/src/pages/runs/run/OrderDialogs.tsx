// Questions before a run is stopped or held.
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

interface Props {
  opened: boolean;
  busy: boolean;
  onClose: () => void;
}

export function CancelDialog({
  opened,
  busy,
  onClose,
  onConfirm,
}: Props & { onConfirm: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Cancel this run">
      <Stack gap="sm">
        <Text size="sm">
          Nothing new begins. A call under way may still take effect at GitLab; the run will say so.
          What it already did stays; a cancelled run can be replayed.
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Let it run
          </Button>
          <Button color="red" loading={busy} onClick={onConfirm}>
            Cancel the run
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

export function PauseDialog({
  opened,
  busy,
  onClose,
  onConfirm,
}: Props & { onConfirm: (reason: string) => void }) {
  const [reason, setReason] = useState("");
  return (
    <Modal opened={opened} onClose={onClose} title="Pause this run">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(reason.trim());
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            Nothing new begins; what is under way finishes. It goes on when somebody resumes it.
          </Text>
          <TextInput
            label="Reason"
            placeholder="Seen by everybody who looks at the run"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Let it run
            </Button>
            <Button type="submit" loading={busy}>
              Pause the run
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
