// The pages of the administration under one row of tabs.
import { Anchor, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../../app/session";
import { EmptyState } from "../shared/EmptyState";
import { PageHeader } from "../shared/PageHeader";
import classes from "./AdminFrame.module.css";

const places = [
  { path: "/admin/users", label: "Users" },
  { path: "/admin/tokens", label: "API tokens" },
  { path: "/admin/secrets", label: "Secrets" },
  { path: "/admin/webhooks", label: "Webhooks" },
  { path: "/admin/settings", label: "Settings" },
] as const;

export function AdminFrame({ children }: { children: ReactNode }) {
  const [location] = useLocation();
  const { may, user } = useSession();
  // Of the pages nothing is shown that would be refused: no tabs, no buttons.
  if (!may("org-admin"))
    return (
      <>
        <PageHeader title="Administration" />
        <EmptyState title="This page is for others">
          {user?.username} has the role {user?.role}; this needs org admin. Ask an org admin for
          that role.
        </EmptyState>
      </>
    );
  return (
    <>
      <Group component="nav" aria-label="Administration" gap={4} className={classes.tabs}>
        {places.map((place) => (
          <Anchor
            key={place.path}
            component={Link}
            href={place.path}
            size="sm"
            underline="never"
            className={classes.tab}
            aria-current={location.startsWith(place.path) ? "page" : undefined}
          >
            {place.label}
          </Anchor>
        ))}
      </Group>
      {children}
    </>
  );
}
