// Sets up signing in with one connection's GitLab: the application there, and who comes in as what.
import {
  Alert,
  Anchor,
  Button,
  Card,
  Group,
  PasswordInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../../api/server";
import type { Role } from "../../../app/session";
import { CopyLine } from "../../apps/CopyLine";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { roleOptions } from "../roles";
import { RoleRows } from "./RoleRows";
import { signInWaysKey } from "./SignInSection";
import { type SignInWay, type WayForm, formOf, whoComesIn, wishOf } from "./form";

interface Props {
  connection: string;
  way: SignInWay | undefined; // undefined: not set up yet
  redirectUri: string;
  scopes: string;
  onClose: () => void;
}

const nobody = { value: "", label: "Nobody else comes in" };

export function SignInForm({ connection, way, redirectUri, scopes, onClose }: Props) {
  const [form, setForm] = useState(() => formOf(way));
  const put = (part: Partial<WayForm>) => setForm((now) => ({ ...now, ...part }));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      server.put(`/settings/sign-in/${encodeURIComponent(connection)}`, wishOf(form)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: signInWaysKey });
      notifications.show({ message: "Saved. The sign-in page offers it now." });
      onClose();
    },
  });
  return (
    <Card withBorder>
      <form
        aria-label={`Sign-in with ${connection}`}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Text fw={600}>Sign-in with the GitLab of {connection}</Text>
          <Application redirectUri={redirectUri} scopes={scopes} />
          <ApplicationInputs form={form} put={put} kept={way?.hasSecret === true} />
          <Limits form={form} put={put} />
          <Select
            label="Everybody else who may come in is"
            data={[nobody, ...roleOptions]}
            value={form.defaultRole}
            onChange={(role) => put({ defaultRole: (role ?? "") as Role | "" })}
            allowDeselect={false}
          />
          <Verdict form={form} />
          {save.isError && <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function Application({ redirectUri, scopes }: { redirectUri: string; scopes: string }) {
  return (
    <>
      <Text size="sm">
        Make an application of its own for this at GitLab (
        <Anchor
          href="https://docs.gitlab.com/integration/oauth_provider/"
          target="_blank"
          size="sm"
          rel="noreferrer"
        >
          how ↗
        </Anchor>
        ) with
      </Text>
      <CopyLine
        label="Redirect URI"
        value={redirectUri}
        hint="Exactly this, with no slash at its end."
      />
      <CopyLine label="Scopes" value={scopes} hint="These give no access to GitLab's API." />
    </>
  );
}

interface PartProps {
  form: WayForm;
  put: (part: Partial<WayForm>) => void;
}

function ApplicationInputs({ form, put, kept }: PartProps & { kept: boolean }) {
  return (
    <>
      <TextInput
        label="Application ID"
        required
        autoComplete="off"
        value={form.clientId}
        onChange={(event) => put({ clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label="Secret"
        required={!kept}
        {...(kept ? { description: "Left empty, the present one stays." } : {})}
        autoComplete="off"
        value={form.clientSecret}
        onChange={(event) => put({ clientSecret: event.currentTarget.value })}
      />
      <TextInput
        label="Words of the button"
        required
        value={form.label}
        onChange={(event) => put({ label: event.currentTarget.value })}
      />
    </>
  );
}

function Limits({ form, put }: PartProps) {
  return (
    <>
      <TagsInput
        label="Only members of"
        description="Full paths of groups, such as company/ops; members of groups below them count."
        value={form.allowedGroups}
        onChange={(allowedGroups) => put({ allowedGroups })}
      />
      <TagsInput
        label="Only e-mail addresses at"
        description="Domains, such as example.com; of the address GitLab has confirmed."
        value={form.allowedDomains}
        onChange={(allowedDomains) => put({ allowedDomains })}
      />
      <RoleRows rows={form.roles} onChange={(roles) => put({ roles })} />
    </>
  );
}

function Verdict({ form }: { form: WayForm }) {
  const { words, open } = whoComesIn(form);
  return (
    <Alert color={open ? "yellow" : "blue"} variant="light" p="xs" role="status">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {words}
        {open && " On gitlab.com that is the whole world: name a group or a domain."}
      </Text>
    </Alert>
  );
}
