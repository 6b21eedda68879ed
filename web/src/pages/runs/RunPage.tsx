// One run: how it stands, what it waits for, every step, and what can be done about it.
import { Box, SegmentedControl, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useMemo, useState } from "react";
import { useLocation, useParams, useSearch } from "wouter";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { JsonView } from "../shared/JsonView";
import { paths } from "./links";
import type { Run } from "./model/run";
import { failedVisit, visitsOf, type Story } from "./model/story";
import { ReplayDialog } from "./replay/ReplayDialog";
import { ChildrenTab } from "./run/ChildrenTab";
import { EffectsTab } from "./run/EffectsTab";
import { JournalTab } from "./run/JournalTab";
import { LifecycleTab } from "./run/LifecycleTab";
import { NowPanel } from "./run/NowPanel";
import { RunHeader } from "./run/RunHeader";
import { SettleDialog } from "./run/SettleDialog";
import { Timeline } from "./run/Timeline";
import { useRun } from "./run/useRun";
import { VisitPanel } from "./run/VisitPanel";
import classes from "./RunPage.module.css";

const RunGraph = lazy(() => import("./run/RunGraph"));

export default function RunPage() {
  const { id = "" } = useParams<{ id: string }>();
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { id: string }) {
  const { row, run, story, journal, live } = useRun(id);
  const [replay, setReplay] = useState<"" | "start" | "failed">("");
  const [settling, setSettling] = useState("");
  const [, go] = useLocation();
  const given = new URLSearchParams(useSearch());
  const tab = given.get("tab") ?? "steps";
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(given);
    next.set(name, value);
    go(`${paths.run(id)}?${next.toString()}`, { replace: true });
  };
  if (row.isError && !run)
    return <ErrorPanel error={row.error} onRetry={() => void row.refetch()} />;
  if (!run)
    return (
      <Stack gap="sm">
        <Skeleton height={60} />
        <Skeleton height={240} />
      </Stack>
    );
  const version = journal.length;
  return (
    <>
      <RunHeader run={run} journal={journal} onReplay={setReplay} />
      {live === "broken" && (
        <Text size="xs" c="dimmed" role="status">
          The live view broke off; it is taken up again.
        </Text>
      )}
      <NowPanel
        run={run}
        story={story}
        onSettle={(visit) => setSettling(visit.pointer)}
        onShow={(key) => set("step", key)}
      />
      <Tabs
        value={tab}
        onChange={(next) => set("tab", next ?? "steps")}
        keepMounted={false}
        mt="sm"
      >
        <Tabs.List>
          <Tabs.Tab value="steps">Steps</Tabs.Tab>
          <Tabs.Tab value="effects">Effects</Tabs.Tab>
          <Tabs.Tab value="data">Input and output</Tabs.Tab>
          <Tabs.Tab value="children">Runs inside</Tabs.Tab>
          <Tabs.Tab value="events">Lifecycle events</Tabs.Tab>
          <Tabs.Tab value="journal">Journal</Tabs.Tab>
        </Tabs.List>
        <Box pt="sm">
          <Tabs.Panel value="steps">
            <Steps
              run={run}
              story={story}
              view={given.get("view") === "graph" ? "graph" : "timeline"}
              onView={(view) => set("view", view)}
              chosen={given.get("step") ?? ""}
              onChoose={(key) => set("step", key)}
            />
          </Tabs.Panel>
          <Tabs.Panel value="effects">
            <EffectsTab run={id} version={version} onSettle={setSettling} />
          </Tabs.Panel>
          <Tabs.Panel value="data">
            <Data run={run} />
          </Tabs.Panel>
          <Tabs.Panel value="children">
            <ChildrenTab run={id} />
          </Tabs.Panel>
          <Tabs.Panel value="events">
            <LifecycleTab run={id} version={version} />
          </Tabs.Panel>
          <Tabs.Panel value="journal">
            <JournalTab journal={journal} />
          </Tabs.Panel>
        </Box>
      </Tabs>
      {replay !== "" && (
        <ReplayDialog run={run} story={story} begin={replay} onClose={() => setReplay("")} />
      )}
      {settling !== "" && <SettleDialog run={id} task={settling} onClose={() => setSettling("")} />}
    </>
  );
}

type View = "timeline" | "graph";

interface StepsProps {
  run: Run;
  story: Story;
  view: View;
  onView: (view: View) => void;
  chosen: string;
  onChoose: (key: string) => void;
}

function Steps({ run, story, view, onView, chosen, onChoose }: StepsProps) {
  const visits = useMemo(() => [...visitsOf(story.tasks)], [story]);
  // Where there is room both are shown, and go together.
  const both = useMediaQuery("(min-width: 100em)", false, { getInitialValueInEffect: false });
  const failed = story.endedAt === "" ? undefined : failedVisit(story);
  const first =
    failed ?? visits.find((visit) => visit.state === "waiting") ?? visits[visits.length - 1];
  const shown = visits.find((visit) => visit.key === chosen) ?? first;
  if (!shown) return <EmptyState title="No step has begun">It begins in a moment.</EmptyState>;
  const graph = (
    <Suspense fallback={<Skeleton height={400} />}>
      <RunGraph run={run} story={story} chosen={shown} onChoose={onChoose} />
    </Suspense>
  );
  return (
    <>
      {!both && (
        <SegmentedControl
          size="xs"
          mb="xs"
          aria-label="How the steps are shown"
          value={view}
          data={[
            { value: "timeline", label: "Timeline" },
            { value: "graph", label: "Graph" },
          ]}
          onChange={(next) => onView(next as View)}
        />
      )}
      <div className={classes.steps} data-both={both}>
        {(both || view === "timeline") && (
          <Timeline story={story} chosen={shown.key} onChoose={onChoose} />
        )}
        {(both || view === "graph") && graph}
        <div className={classes.detail}>
          <VisitPanel
            visit={shown}
            rounds={visits.filter((visit) => visit.pointer === shown.pointer)}
            onChoose={onChoose}
            told={failed === shown}
          />
        </div>
      </div>
    </>
  );
}

function Data({ run }: { run: Run }) {
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        Input
      </Text>
      <JsonView value={run.input} label="Input" />
      <Text size="sm" fw={600}>
        Output
      </Text>
      {run.output === null ? (
        <Text size="sm" c="dimmed">
          {run.status === "completed" ? "Nothing." : "A run has an output once it is completed."}
        </Text>
      ) : (
        <JsonView value={run.output} label="Output" />
      )}
    </Stack>
  );
}
