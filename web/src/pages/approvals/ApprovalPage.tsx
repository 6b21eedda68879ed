// One approval: the question, what happens after a yes, who decided, and the decision.
import { Alert, Anchor, Box, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "../../app/session";
import { Link, useParams } from "wouter";
import { server } from "../../api/server";
import { ErrorPanel } from "../shared/ErrorPanel";
import { JsonView } from "../shared/JsonView";
import { PageHeader } from "../shared/PageHeader";
import { StatusChip } from "../shared/StatusChip";
import { FromNow, Moment } from "../shared/time";
import { paths } from "../runs/links";
import { isEmpty } from "../runs/model/json";
import { workflowPath } from "../runs/model/run";
import { triggerOf } from "../runs/model/words";
import { countWords, hindranceOf, type Approval } from "./approval";
import { DecisionForm } from "./DecisionForm";
import { useApproval } from "./useApprovals";
import { WhatFollows } from "./WhatFollows";

export default function ApprovalPage() {
  const { id = "" } = useParams<{ id: string }>();
  const approval = useApproval(id);
  if (approval.isError)
    return <ErrorPanel error={approval.error} onRetry={() => void approval.refetch()} />;
  if (!approval.data)
    return (
      <Stack>
        <Skeleton height={60} />
        <Skeleton height={200} />
      </Stack>
    );
  return <Shown approval={approval.data} />;
}

function Shown({ approval }: { approval: Approval }) {
  const run = useQuery({
    queryKey: ["run", approval.run],
    queryFn: () => server.get(`/runs/${approval.run}`),
  });
  const open = approval.status === "open";
  return (
    <Stack gap="lg" maw={760}>
      <PageHeader
        title={approval.question}
        above={
          <Anchor component={Link} href="/approvals" size="xs">
            Approvals
          </Anchor>
        }
      >
        <Group gap="md" mt={6}>
          <StatusChip status={approval.status} label={open ? "waiting" : approval.status} />
          {approval.requestedBy !== "" && <span>Asked by {approval.requestedBy}</span>}
          <span>
            <Moment at={approval.createdAt} />
          </span>
          {open && approval.expiresAt && (
            <span>
              Expires <FromNow at={approval.expiresAt} />
            </span>
          )}
        </Group>
      </PageHeader>
      <Box>
        <Text size="sm">
          Step of run{" "}
          <Anchor component={Link} href={paths.run(approval.run)} size="sm" underline="always">
            {run.data ? triggerOf(run.data.cause, run.data.input).words : approval.run}
          </Anchor>
          {run.data && (
            <>
              {" "}
              of {workflowPath(run.data.workflow)} {run.data.workflow.version}
            </>
          )}
          . Who decides: {approval.waitsFor}; {countWords(approval)}.
          {approval.requestedBy !== "" && ` ${approval.requestedBy} asked, and so does not decide.`}
        </Text>
      </Box>
      <WhatFollows approval={approval} run={run.data} />
      <Decisions approval={approval} />
      {open ? (
        <Deciding approval={approval} />
      ) : (
        approval.status === "expired" && (
          <Alert color="yellow" title="It expired">
            Nobody decided in time; the step failed with a timeout. Replay the run to ask again.
          </Alert>
        )
      )}
    </Stack>
  );
}

function Deciding({ approval }: { approval: Approval }) {
  const { user } = useSession();
  const hindrance = user ? hindranceOf(approval, user) : "";
  if (hindrance === "") return <DecisionForm approval={approval} />;
  return <Alert color="blue">{hindrance}</Alert>;
}

function Decisions({ approval }: { approval: Approval }) {
  if (approval.decisions.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label="Decisions">
      <Title order={2} size="h5">
        Decisions
      </Title>
      {approval.decisions.map((each) => (
        <Box key={each.by + each.at}>
          <Group gap="sm">
            <StatusChip status={each.decision} />
            <Text size="sm">by {each.by}</Text>
            <Text size="xs" c="dimmed">
              <Moment at={each.at} />
            </Text>
          </Group>
          {each.comment !== "" && (
            <Text size="sm" mt={2} style={{ whiteSpace: "pre-wrap" }}>
              {each.comment}
            </Text>
          )}
          {!isEmpty(each.values) && (
            <Box mt={4}>
              <JsonView value={each.values} label="Values" />
            </Box>
          )}
        </Box>
      ))}
    </Stack>
  );
}
