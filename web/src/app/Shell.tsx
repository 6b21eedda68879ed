// The frame of every page: navigation, search, account; a drawer instead of it on a narrow screen.
import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  Menu,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense, lazy, useCallback, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { server } from "../api/server";
import { AwayBanner } from "./AwayBanner";
import { ConnectionBanner } from "./ConnectionBanner";
import { Icon } from "./Icon";
import { useLiveUpdates } from "./live";
import { type Place, firstPage, places } from "./navigation";
import { usePaletteKeys } from "./palette/usePaletteKeys";
import { useSession } from "./session";
import classes from "./Shell.module.css";

const loadPalette = () => import("./palette/Palette");
const Palette = lazy(loadPalette);
const quietMs = 1_500; // after the page is there

function isHere(place: Place, location: string): boolean {
  const area = place.path === "/admin/users" ? "/admin" : place.path;
  const other = place.path !== "/admin/status" && location.startsWith("/admin/status");
  return location.startsWith(area) && !other;
}

function useOpenApprovals(): number {
  const query = useQuery({
    queryKey: ["approvals", "badge"],
    queryFn: () => server.get("/approvals?status=open&limit=100"),
    refetchInterval: 60_000,
  });
  return query.data?.items.length ?? 0;
}

function Navigation({ onChoose }: { onChoose: () => void }) {
  const [location] = useLocation();
  const session = useSession();
  const open = useOpenApprovals();
  const seen = places.filter((place) => session.may(place.role));
  const link = (place: Place) => (
    <Link
      key={place.path}
      href={place.path}
      className={classes["place"]}
      aria-current={isHere(place, location) ? "page" : undefined}
      onClick={onChoose}
    >
      <Icon name={place.icon} />
      {place.label}
      {place.icon === "approvals" && open > 0 && (
        <span className={classes["badge"]} aria-label={`${open} open`}>
          {open > 99 ? "99+" : open}
        </span>
      )}
    </Link>
  );
  return (
    <nav aria-label="Main">
      {seen.filter((place) => place.group === undefined).map(link)}
      <div role="group" aria-labelledby="settings-places">
        <div id="settings-places" className={classes["group"]}>
          Settings
        </div>
        {seen.filter((place) => place.group === "Settings").map(link)}
      </div>
    </nav>
  );
}

function Search() {
  const [opened, setOpened] = useState(false);
  const open = useCallback(() => setOpened(true), []);
  usePaletteKeys(open);
  // Fetched ahead, so that what is typed right after the key is not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), quietMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <button
        type="button"
        className={classes["search"]}
        onClick={open}
        aria-keyshortcuts="/ Control+K"
      >
        <Icon name="search" size={16} />
        <span className={classes["searchWords"]}>Go to or do…</span>
        <kbd className={classes["searchKey"]} aria-hidden="true">
          /
        </kbd>
      </button>
      {opened && (
        <Suspense>
          <Palette onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const now = useComputedColorScheme("light");
  const next = now === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      onClick={() => setColorScheme(next)}
      aria-label={`Use ${next} colours`}
    >
      <Icon name={now === "dark" ? "sun" : "moon"} />
    </ActionIcon>
  );
}

function AccountMenu() {
  const session = useSession();
  const [, go] = useLocation();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Account">
          <Icon name="person" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm">{session.user?.name}</Text>
          <Badge size="xs" variant="light">
            {session.user?.role}
          </Badge>
        </Menu.Label>
        <Menu.Item onClick={() => go("/account")}>Account</Menu.Item>
        <Menu.Item component="a" href="/api/docs">
          REST API
        </Menu.Item>
        <Menu.Item onClick={() => void session.signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const [opened, drawer] = useDisclosure(false);
  useLiveUpdates();
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 190, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a className={classes["skip"]} href="#main">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={drawer.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Navigation"
            />
            <Link href={firstPage} className={classes["name"]}>
              <img src="/icon.svg" width={22} height={22} alt="" />
              Fairlead
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <Search />
            <SchemeSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <Navigation onChoose={drawer.close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <AwayBanner />
        <ConnectionBanner />
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
