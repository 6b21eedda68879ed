// Before many runs are touched: how many, what it does to them, and afterwards what became of each.
import {
  Anchor,
  Button,
  Group,
  List,
  Modal,
  Progress as Bar,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { paths } from "../links";
import { searchOf, type RunFilter } from "../model/filters";
import type { Run } from "../model/run";
import { shortId } from "../model/words";
import {
  applies,
  countAll,
  orderAll,
  orderChosen,
  orderWords,
  type Effects,
  type Order,
  type Progress,
} from "./orders";
import { useFocusBack } from "../../shared/useFocusBack";

interface Props {
  order: Order;
  runs: readonly Run[] | null; // null: all that match the filter
  filter: RunFilter;
  onClose: (worked: boolean) => void;
}

const failuresShown = 20;

export function BulkDialog({ order, runs, filter, onClose }: Props) {
  useFocusBack();
  const fitting = runs?.filter((run) => applies(order, run)) ?? null;
  const count = useQuery({
    queryKey: ["bulk", order, searchOf(filter)],
    queryFn: () => countAll(order, filter),
    enabled: fitting === null,
    gcTime: 0,
  });
  const [reason, setReason] = useState("");
  const [effects, setEffects] = useState<Effects>("");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [state, setState] = useState<"asking" | "working" | "done">("asking");
  const [error, setError] = useState<unknown>(null);
  const stop = useRef(false);
  const many = fitting ? fitting.length : (count.data?.runs ?? 0);
  const { verb, what } = orderWords[order];
  const more = count.data?.complete === false ? " or more" : "";
  const howMany = `${many}${more} ${many === 1 ? "run" : "runs"}`;

  const begin = async () => {
    setState("working");
    setProgress({ done: [], of: many });
    const stopped = () => stop.current;
    try {
      if (fitting) await orderChosen(order, fitting, { reason, effects }, setProgress, stopped);
      else await orderAll(order, filter, { reason, effects }, many, setProgress, stopped);
    } catch (failure) {
      setError(failure);
    }
    setState("done");
  };
  const close = () => {
    stop.current = true;
    onClose(state !== "asking");
  };
  return (
    <Modal
      opened
      onClose={close}
      title={`${verb} ${runs ? "the selected runs" : "all runs that match"}`}
    >
      <Stack gap="sm">
        {count.isError && <ErrorPanel error={count.error} />}
        {state === "asking" && (
          <>
            <Text size="sm">
              <b>{count.isFetching ? "Counting…" : howMany}</b>
              {runs &&
                runs.length > many &&
                ` of the ${runs.length} selected; the others are not in a state for it`}
              . {what}
            </Text>
            {order === "replay" && <EffectsChoice value={effects} onChange={setEffects} />}
            {order === "pause" && (
              <TextInput
                label="Reason"
                placeholder="Seen by everybody who looks at the run"
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            )}
          </>
        )}
        {progress && <Outcome order={order} progress={progress} working={state === "working"} />}
        {error !== null && <ErrorPanel error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {state === "working" ? "Stop" : state === "done" ? "Close" : "Keep as it is"}
          </Button>
          {state === "asking" && (
            <Button
              color={order === "cancel" ? "red" : undefined}
              disabled={many === 0}
              onClick={() => void begin()}
            >
              {verb} {many} {many === 1 ? "run" : "runs"}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

export function EffectsChoice({
  value,
  onChange,
}: {
  value: Effects;
  onChange: (value: Effects) => void;
}) {
  const words: Record<Effects, string> = {
    "": "What was created is taken over; what was changed or deleted is done again.",
    adopt: "What already happened is taken over; nothing of it is sent again.",
    repeat: "Everything is done again, also what was created: it may be there twice.",
  };
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500} id="effects-label">
        What already happened outside
      </Text>
      <SegmentedControl
        aria-labelledby="effects-label"
        value={value === "" ? "by-kind" : value}
        onChange={(next) => onChange(next === "by-kind" ? "" : (next as Effects))}
        data={[
          { value: "by-kind", label: "By kind" },
          { value: "adopt", label: "Take over" },
          { value: "repeat", label: "Do again" },
        ]}
        size="xs"
      />
      <Text size="xs" c="dimmed">
        {words[value]}
      </Text>
    </Stack>
  );
}

function Outcome({
  order,
  progress,
  working,
}: {
  order: Order;
  progress: Progress;
  working: boolean;
}) {
  const failed = progress.done.filter((each) => each.error !== "");
  const well = progress.done.length - failed.length;
  const share = progress.of === 0 ? 100 : (100 * progress.done.length) / progress.of;
  return (
    <Stack gap="xs" aria-live="polite">
      {working && <Bar value={share} aria-label="Progress" />}
      <Text size="sm">
        {well} {orderWords[order].done}
        {failed.length > 0 && `, ${failed.length} refused`}.
      </Text>
      {failed.length > 0 && (
        <List size="xs">
          {failed.slice(0, failuresShown).map((each) => (
            <List.Item key={each.run}>
              <Anchor component={Link} href={paths.run(each.run)} size="xs">
                {shortId(each.run)}
              </Anchor>
              : {each.error}
            </List.Item>
          ))}
          {failed.length > failuresShown && (
            <List.Item>and {failed.length - failuresShown} more</List.Item>
          )}
        </List>
      )}
    </Stack>
  );
}
