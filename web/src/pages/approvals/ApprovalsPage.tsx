// The inbox: what waits for a decision of people, and what they decided.
import { Button, Group, SegmentedControl, Skeleton, Stack } from "@mantine/core";
import { Link, useLocation, useSearch } from "wouter";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { StatusChip } from "../shared/StatusChip";
import { FromNow, Moment } from "../shared/time";
import { paths } from "../runs/links";
import { countWords, type Approval } from "./approval";
import classes from "./Approvals.module.css";
import { useApprovals, type Box } from "./useApprovals";

export default function ApprovalsPage() {
  const box: Box = new URLSearchParams(useSearch()).get("box") === "decided" ? "decided" : "open";
  const [, go] = useLocation();
  const list = useApprovals(box);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Approvals"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Which approvals"
            value={box}
            onChange={(next) =>
              go(next === "open" ? "/approvals" : "/approvals?box=decided", { replace: true })
            }
            data={[
              { value: "open", label: "Waiting" },
              { value: "decided", label: "Decided" },
            ]}
          />
        }
      >
        Runs that ask people before they go on.
      </PageHeader>
      {list.isError ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Stack gap="xs">
          <Skeleton height={72} />
          <Skeleton height={72} />
        </Stack>
      ) : items.length === 0 && !list.hasNextPage ? (
        <Nothing box={box} />
      ) : (
        <ul className={classes.list}>
          {items.map((each) => (
            <Item key={each.id} approval={each} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Group justify="center" py="md">
          <Button
            size="xs"
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older ones
          </Button>
        </Group>
      )}
    </>
  );
}

function Nothing({ box }: { box: Box }) {
  if (box === "decided")
    return (
      <EmptyState title="Nothing was decided yet">
        Decisions are kept here with who made them and why.
      </EmptyState>
    );
  return (
    <EmptyState
      title="Nothing waits for you"
      action={
        <Button component={Link} href="/workflows" size="xs" variant="default">
          Go to workflows
        </Button>
      }
    >
      A workflow asks with the step request-approval: add one before whatever must not happen by
      itself.
    </EmptyState>
  );
}

function Item({ approval }: { approval: Approval }) {
  const open = approval.status === "open";
  return (
    <li className={classes.item}>
      <div className={classes.question}>
        <Link href={paths.approval(approval.id)} className={classes.link}>
          {approval.question}
        </Link>
        <div className={classes.facts}>
          {approval.requestedBy !== "" && <span>asked by {approval.requestedBy}</span>}
          <span>
            <Moment at={approval.createdAt} />
          </span>
          <span>
            {open
              ? `${approval.waitsFor} decides`
              : approval.decisions.map((each) => each.by).join(", ")}
          </span>
          {open && approval.required > 1 && <span>{countWords(approval)}</span>}
        </div>
      </div>
      <div className={classes.state}>
        <StatusChip status={approval.status} label={open ? "waiting" : approval.status} />
        {open && approval.expiresAt && (
          <span className={classes.facts}>
            expires <FromNow at={approval.expiresAt} />
          </span>
        )}
      </div>
      {open && (
        <Button component={Link} href={paths.approval(approval.id)} size="xs">
          Decide
        </Button>
      )}
    </li>
  );
}
