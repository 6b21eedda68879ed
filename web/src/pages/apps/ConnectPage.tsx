// Connecting a GitLab: where it is, how to sign in, the application there, and off to its consent.
import { Anchor, Stack, Stepper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { ApplicationStep } from "./ApplicationStep";
import { DeviceSignIn } from "./DeviceSignIn";
import { PlaceStep } from "./PlaceStep";
import { SecretStep } from "./SecretStep";
import { type Probe, connections } from "./connection";
import {
  type Answers,
  canGoOn,
  connectionRequest,
  noAnswers,
  probeRequest,
  suggestedName,
} from "./wizard";

export default function ConnectPage() {
  const [, go] = useLocation();
  const queries = useQueryClient();
  const narrow = useMediaQuery("(max-width: 48em)");
  const list = useQuery({ queryKey: ["connections"], queryFn: connections.list });
  const [step, setStep] = useState(0);
  const [answers, setAnswers] = useState<Answers>(noAnswers);
  const [probe, setProbe] = useState<Probe>();
  const [made, setMade] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change = (part: Partial<Answers>) => setAnswers((now) => ({ ...now, ...part }));

  const during = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  };

  const look = () =>
    during(async () => {
      const found = await connections.probe(probeRequest(answers));
      setProbe(found);
      if (!canGoOn(found)) return;
      const taken = list.data?.items.map((each) => each.name) ?? [];
      change({ name: answers.name || suggestedName(answers, taken) });
      setStep(1);
    });

  const connect = () =>
    during(async () => {
      const wanted = connectionRequest(answers);
      // Again after a refusal: the connection is there, only the application may be another one.
      if (made === undefined) await connections.create(wanted);
      else
        await connections.change(made, {
          clientId: wanted.clientId ?? "",
          clientSecret: wanted.clientSecret ?? "",
        });
      const name = answers.name.trim();
      await queries.invalidateQueries({ queryKey: ["connections"] });
      if (answers.way === "token")
        return go(`/settings/apps/gitlab/${encodeURIComponent(name)}?connected=1`);
      setMade(name);
      if (answers.way === "device") return setStep(3);
      await connections.consent(name);
    });

  return (
    <>
      <PageHeader
        title="Connect GitLab"
        above={
          <Anchor component={Link} href="/settings/apps" size="xs">
            Settings › App Store
          </Anchor>
        }
      />
      <Stack maw={680}>
        {error !== undefined && <ErrorPanel error={error} />}
        <Stepper
          active={step}
          size="sm"
          orientation={narrow ? "vertical" : "horizontal"}
          onStepClick={setStep}
          allowNextStepsSelect={false}
        >
          <Stepper.Step label="Your GitLab">
            <PlaceStep
              answers={answers}
              probe={probe}
              change={change}
              busy={busy}
              onGo={() => void look()}
            />
          </Stepper.Step>
          <Stepper.Step label="Application">
            {probe && (
              <ApplicationStep
                answers={answers}
                probe={probe}
                change={change}
                onGo={() => setStep(2)}
                onBack={() => setStep(0)}
              />
            )}
          </Stepper.Step>
          <Stepper.Step label="Sign in">
            <SecretStep
              answers={answers}
              change={change}
              busy={busy}
              onGo={() => void connect()}
              onBack={() => setStep(1)}
            />
          </Stepper.Step>
          <Stepper.Completed>
            {made !== undefined && (
              <DeviceSignIn
                name={made}
                onDone={() => {
                  void queries.invalidateQueries({ queryKey: ["connections"] });
                  go(`/settings/apps/gitlab/${encodeURIComponent(made)}?connected=1`);
                }}
                onLeave={() => setStep(1)}
              />
            )}
          </Stepper.Completed>
        </Stepper>
      </Stack>
    </>
  );
}
