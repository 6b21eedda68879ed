// Settings of the server that can be changed while it runs.
import { Stack } from "@mantine/core";
import { PageHeader } from "../shared/PageHeader";
import { AdminFrame } from "./AdminFrame";
import { AtStart } from "./AtStart";
import { History } from "./History";
import { Retention } from "./Retention";
import { SignInSection } from "./signin/SignInSection";

export default function SettingsPage() {
  return (
    <AdminFrame>
      <Stack gap="lg" maw={680}>
        <PageHeader title="Settings">What can be changed while the server runs.</PageHeader>
        <SignInSection />
        <Retention />
        <History />
        <AtStart />
      </Stack>
    </AdminFrame>
  );
}
