// API tokens: for scripts and other systems; shown once when made.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Schema } from "../../api/routes";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import { query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { OnceShown } from "../shared/OnceShown";
import { PageHeader } from "../shared/PageHeader";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { useSearchText } from "../shared/useSearchText";
import { roleOptions, roleWords, type Role } from "./roles";
import { SearchedList } from "./SearchedList";
import { AdminFrame } from "./AdminFrame";
import { useFocusBack } from "../shared/useFocusBack";

const pageRows = 50;

type Token = Schema<"Token">;

export default function TokensPage() {
  const [text, search] = useSearchText();
  const tokens = usePages(["tokens", text], (cursor) =>
    server.get(`/tokens${query({ q: text, limit: pageRows, cursor })}`),
  );
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const add = (
    <Button size="xs" onClick={() => setMaking(true)}>
      Make a token
    </Button>
  );
  return (
    <AdminFrame>
      <PageHeader title="API tokens" actions={add}>
        For scripts and systems that call the API or send events.
      </PageHeader>
      {made && (
        <OnceShown title={`Token ${made.name}`} value={made.token} onClose={() => setMade(null)}>
          Put it where the script reads its secrets. Send it as <code>Authorization: Bearer …</code>
          .
        </OnceShown>
      )}
      <SearchedList
        list={tokens}
        text={text}
        onSearch={search}
        one="token"
        many="tokens"
        placeholder="Name, role or person"
        empty={
          <EmptyState title="No tokens" action={add}>
            A token has a role no higher than yours and can expire.
          </EmptyState>
        }
      >
        <table className={classes.table} aria-label="API tokens">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Of</th>
              <th scope="col">Made</th>
              <th scope="col">Expires</th>
              <th scope="col" aria-label="Orders" />
            </tr>
          </thead>
          <tbody>
            {tokens.items.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </tbody>
        </table>
      </SearchedList>
      {making && (
        <TokenDialog
          onClose={() => setMaking(false)}
          onMade={(answer) => {
            setMaking(false);
            setMade(answer);
          }}
        />
      )}
    </AdminFrame>
  );
}

function TokenRow({ token }: { token: Token }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => server.delete(`/tokens/${token.id}`),
    onSettled: () => void client.invalidateQueries({ queryKey: ["tokens"] }),
  });
  return (
    <tr>
      <td data-label="Name">
        <div>
          {token.name}
          {remove.isError && <ErrorPanel error={remove.error} />}
        </div>
      </td>
      <td data-label="Role">{roleWords[token.role]?.title ?? token.role}</td>
      <td data-label="Of">{token.user ?? "–"}</td>
      <td data-label="Made">
        <Moment at={token.createdAt} />
      </td>
      <td data-label="Expires">{token.expiresAt ? <Moment at={token.expiresAt} /> : "never"}</td>
      <td>
        <Group justify="flex-end" gap={4}>
          {sure ? (
            <>
              <Button
                size="compact-xs"
                color="red"
                loading={remove.isPending}
                onClick={() => remove.mutate()}
              >
                Revoke it now
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => setSure(false)}>
                Keep
              </Button>
            </>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => setSure(true)}
              aria-label={`Revoke ${token.name}`}
            >
              Revoke
            </Button>
          )}
        </Group>
      </td>
    </tr>
  );
}

const lifetimes = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "", label: "It does not expire" },
];
const dayMs = 86_400_000;

function TokenDialog({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: { name: string; token: string }) => void;
}) {
  useFocusBack();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [days, setDays] = useState("90");
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      server.post("/tokens", {
        name,
        role,
        ...(days !== ""
          ? { expiresAt: new Date(Date.now() + Number(days) * dayMs).toISOString() }
          : {}),
      }),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: ["tokens"] });
      onMade({ name: answer.name, token: answer.token ?? "" });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Make a token">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="What uses it, such as “monitoring”."
            required
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Role"
            description={`${roleWords[role].title}: ${roleWords[role].may}.`}
            data={roleOptions}
            value={role}
            onChange={(next) => setRole((next ?? role) as Role)}
            allowDeselect={false}
          />
          <Select
            label="Lifetime"
            data={lifetimes}
            value={days}
            onChange={(next) => setDays(next ?? "")}
            allowDeselect={false}
          />
          <Text size="xs" c="dimmed">
            The token is shown once, after it is made.
          </Text>
          {make.isError && <ErrorPanel error={make.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={make.isPending}>
              Make the token
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
