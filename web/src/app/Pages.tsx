// Which page an address shows. Every page is a file of its own, fetched when it is first needed.
import { Anchor, Center, Loader } from "@mantine/core";
import { type ComponentType, Suspense, lazy } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { ErrorPanel } from "../pages/shared/ErrorPanel";
import { EmptyState } from "../pages/shared/EmptyState";
import { ErrorBoundary } from "./ErrorBoundary";
import { Shell } from "./Shell";
import { firstPage } from "./navigation";
import { useSession } from "./session";

type PageModule = { default: ComponentType };
const modules = import.meta.glob<PageModule>("../pages/**/*Page.tsx");

function NotThere() {
  return (
    <EmptyState
      title="There is no such page"
      action={
        <Anchor component={Link} href={firstPage}>
          To the workflows
        </Anchor>
      }
    >
      The address may be mistyped, or what it showed is gone.
    </EmptyState>
  );
}

function page(name: string): ComponentType {
  const load = modules[`../pages/${name}Page.tsx`];
  return load ? lazy(load) : NotThere;
}

// Address -> the file below pages/, without "Page.tsx".
const inside: readonly (readonly [string, ComponentType])[] = [
  ["/workflows", page("workflows/Workflows")],
  ["/workflows/templates", page("workflows/Templates")],
  ["/workflows/templates/:id", page("workflows/Template")],
  ["/workflows/:namespace/:name", page("workflows/Workflow")],
  ["/workflows/:namespace/:name/edit", page("workflows/Builder")],
  ["/runs", page("runs/Runs")],
  ["/runs/:id", page("runs/Run")],
  ["/approvals", page("approvals/Approvals")],
  ["/approvals/:id", page("approvals/Approval")],
  ["/events", page("events/Events")],
  ["/events/:seq", page("events/Event")],
  ["/settings/apps", page("apps/AppStore")],
  ["/settings/apps/gitlab/connect", page("apps/Connect")],
  ["/settings/apps/gitlab/:name", page("apps/Connection")],
  ["/account", page("account/Account")],
  ["/audit", page("audit/Audit")],
  ["/admin/users", page("admin/Users")],
  ["/admin/tokens", page("admin/Tokens")],
  ["/admin/status", page("admin/Status")],
  ["/admin/webhooks", page("admin/Webhooks")],
  ["/admin/secrets", page("admin/Secrets")],
  ["/admin/settings", page("admin/Settings")],
];
const Setup = page("access/Setup");
const SignIn = page("access/SignIn");
const Password = page("access/Password");

const waiting = (
  <Center mih="40vh">
    <Loader size="sm" role="status" aria-label="Loading" />
  </Center>
);

function Outside() {
  const { setupNeeded } = useSession();
  const [location] = useLocation();
  if (setupNeeded && location !== "/setup")
    return <Redirect to={`/setup${window.location.search}`} />;
  return (
    <Switch>
      <Route path="/setup" component={Setup} />
      <Route path="/password" component={Password} />
      <Route component={SignIn} />
    </Switch>
  );
}

function Inside() {
  const [location] = useLocation();
  return (
    <Shell>
      <ErrorBoundary place={location}>
        <Suspense fallback={waiting}>
          <Switch>
            {inside.map(([path, component]) => (
              <Route key={path} path={path} component={component} />
            ))}
            <Route path="/">
              <Redirect to={firstPage} replace />
            </Route>
            <Route path="/settings">
              <Redirect to="/settings/apps" replace />
            </Route>
            <Route path="/admin">
              <Redirect to="/admin/users" replace />
            </Route>
            <Route path="/setup">
              <Redirect to="/settings/apps" replace />
            </Route>
            <Route path="/sign-in">
              <Redirect to={firstPage} replace />
            </Route>
            <Route component={NotThere} />
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

export function Pages() {
  const session = useSession();
  if (session.state === "loading") return waiting;
  if (session.state === "unreachable")
    return (
      <Center mih="60vh" p="md">
        <ErrorPanel error={new Error("The server does not answer.")} onRetry={session.reload} />
      </Center>
    );
  return <Suspense fallback={waiting}>{session.user ? <Inside /> : <Outside />}</Suspense>;
}
