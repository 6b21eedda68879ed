// How a sign-in by device code stands, from what the connection says of its last sign-in. Pure.
import type { Connection, SignInStarted } from "./connection";

export type DeviceStand =
  | { state: "waiting"; leftMs: number }
  // Its time is over by our clock, and the server has not said yet how it ended.
  | { state: "over" }
  | { state: "completed" }
  | { state: "failed"; title: string; message: string; remedy: string };

export function deviceStand(
  last: Connection["lastSignIn"],
  started: Pick<SignInStarted, "signIn" | "expiresAt">,
  now: number,
): DeviceStand {
  if (last?.id !== started.signIn) {
    const leftMs = Date.parse(started.expiresAt) - now;
    return leftMs > 0 ? { state: "waiting", leftMs } : { state: "over" };
  }
  if (last.outcome === "completed") return { state: "completed" };
  return {
    state: "failed",
    title: last.error?.title ?? "The sign-in did not work",
    message: last.error?.message ?? "",
    remedy: last.error?.remedy ?? "",
  };
}

/** "4:07" */
export function leftWords(leftMs: number): string {
  const seconds = Math.max(0, Math.floor(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
