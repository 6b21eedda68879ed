// Runs a run again: whole, from the failed step or another one, with other input, on another
// version; and says before what becomes of everything that already happened.
import { Button, Checkbox, Group, JsonInput, Modal, Radio, Select, Stack } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import type { Body } from "../../../api/routes";
import { server } from "../../../api/server";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { EffectsChoice } from "../bulk/BulkDialog";
import type { Effects } from "../bulk/orders";
import { paths } from "../links";
import type { Json } from "../model/json";
import type { Run } from "../model/run";
import type { Story } from "../model/story";
import { beginnings, failedBeginning } from "./beginnings";
import { Preview, type ReplayPreview } from "./Preview";
import { useFocusBack } from "../../shared/useFocusBack";

type ReplayOrder = Body<"post", "/runs/*/replay">;

interface Props {
  run: Run;
  story: Story;
  begin: "start" | "failed";
  onClose: () => void;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

// What would become of everything, without a new run.
async function previewOf(run: Run, order: ReplayOrder): Promise<ReplayPreview> {
  const answer = await server.post(`/runs/${run.id}/replay`, { ...order, preview: true });
  if (!("replayOf" in answer && "effects" in answer))
    throw new Error("The server started the run instead of looking ahead.");
  return answer;
}

export function ReplayDialog({ run, story, begin, onClose }: Props) {
  useFocusBack();
  const steps = useMemo(() => beginnings(story), [story]);
  const failed = useMemo(() => failedBeginning(story), [story]);
  const [from, setFrom] = useState(begin === "failed" ? failed : "");
  const [editing, setEditing] = useState(false);
  const [input, setInput] = useState("");
  const [version, setVersion] = useState("");
  const [effects, setEffects] = useState<Effects>("");
  const [choices, setChoices] = useState<Record<string, "adopt" | "repeat">>({});
  const [, go] = useLocation();

  const value = editing ? parsed(input) : undefined;
  const valid = !editing || value !== undefined;
  const order = {
    ...(from !== "" ? { from } : {}),
    ...(editing && value !== undefined ? { input: value } : {}),
    ...(version !== "" ? { version } : {}),
    ...(effects !== "" ? { effects } : {}),
    ...(Object.keys(choices).length > 0 ? { choices } : {}),
  };
  const preview = useQuery({
    queryKey: ["replay", run.id, order],
    queryFn: () => previewOf(run, order),
    enabled: valid,
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const start = useMutation({
    mutationFn: () => server.post(`/runs/${run.id}/replay`, order),
    onSuccess: (started) => {
      onClose();
      if ("id" in started) go(paths.run(started.id));
    },
  });
  const edit = (on: boolean) => {
    setEditing(on);
    if (on) setInput(JSON.stringify(preview.data?.input ?? run.input, null, 2));
  };
  const choose = (place: string) => {
    setFrom(place);
    setEditing(false);
    setChoices({});
  };
  return (
    <Modal opened onClose={onClose} title="Replay this run" size="lg">
      <Stack gap="md">
        <Where from={from} failed={failed} steps={steps} onChange={choose} />
        <Group align="flex-end" gap="md">
          <Version run={run} version={version} onChange={setVersion} />
          <Checkbox
            label={from === "" ? "Edit the input" : "Edit the step's input"}
            checked={editing}
            onChange={(event) => edit(event.currentTarget.checked)}
            mb={6}
          />
        </Group>
        {editing && (
          <JsonInput
            label="Input"
            value={input}
            onChange={setInput}
            error={valid ? undefined : "This is not JSON"}
            autosize
            minRows={5}
            maxRows={16}
            styles={{ input: { fontFamily: "monospace", fontSize: 12 } }}
          />
        )}
        <EffectsChoice
          value={effects}
          onChange={(next) => {
            setEffects(next);
            setChoices({});
          }}
        />
        <Preview
          preview={preview}
          onChoose={(effect, choice) => setChoices({ ...choices, [effect]: choice })}
        />
        {start.isError && <ErrorPanel error={start.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
          <Button
            disabled={!valid || preview.isError}
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            Start the new run
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface WhereProps {
  from: string;
  failed: string;
  steps: readonly { pointer: string; name: string }[];
  onChange: (from: string) => void;
}

function Where({ from, failed, steps, onChange }: WhereProps) {
  const failedName = steps.find((step) => step.pointer === failed)?.name ?? "";
  const kind = from === "" ? "whole" : from === failed ? "failed" : "step";
  const names = steps.map((step) => ({ value: step.pointer, label: step.name }));
  const first = steps[0]?.pointer ?? "";
  return (
    <Stack gap="xs">
      <Radio.Group
        label="Where it begins"
        value={kind}
        onChange={(next) =>
          onChange(
            next === "whole"
              ? ""
              : next === "failed"
                ? failed
                : first === failed
                  ? (steps[1]?.pointer ?? first)
                  : first,
          )
        }
      >
        <Group gap="lg" mt={6}>
          <Radio value="whole" label="From the beginning" />
          {failed !== "" && <Radio value="failed" label={`From the failed step (${failedName})`} />}
          {steps.length > 0 && <Radio value="step" label="From another step" />}
        </Group>
      </Radio.Group>
      {kind === "step" && (
        <Select
          aria-label="Step to begin with"
          data={names}
          value={from}
          onChange={(next) => next && onChange(next)}
          allowDeselect={false}
          searchable
        />
      )}
    </Stack>
  );
}

function Version({
  run,
  version,
  onChange,
}: {
  run: Run;
  version: string;
  onChange: (version: string) => void;
}) {
  const { namespace, name } = run.workflow;
  const known = useQuery({
    queryKey: ["workflow", namespace, name],
    queryFn: () => server.get(`/workflows/${namespace}/${name}`),
    retry: false,
  });
  const others = (known.data?.versions ?? []).filter(
    (each) => each.status === "published" && each.version !== run.workflow.version,
  );
  return (
    <Select
      label="Version"
      value={version}
      onChange={(next) => onChange(next ?? "")}
      allowDeselect={false}
      data={[
        { value: "", label: `The same (${run.workflow.version})` },
        { value: "latest", label: "The newest published" },
        ...others.map((each) => ({ value: each.version, label: each.version })),
      ]}
    />
  );
}
