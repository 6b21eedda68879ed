// Who is signed in: asked for once, kept for all pages, forgotten when the server says 401.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useMemo } from "react";
import type { Schema } from "../api/routes";
import { server } from "../api/server";
import { useCsrfToken } from "../pages/shared/api";

export type Role = Schema<"Role">;
const ranks: readonly Role[] = ["viewer", "operator", "author", "org-admin"];

export type SessionAnswer = Schema<"WhoAmI">;

export interface Session {
  state: "loading" | "unreachable" | "known";
  setupNeeded: boolean;
  signIn: SessionAnswer["signIn"];
  user: SessionAnswer["user"];
  // Whether the user has at least that role.
  may: (role: Role) => boolean;
  // After a sign-in or a setup: what the server answered is who we are now.
  accept: (answer: SessionAnswer) => void;
  signOut: () => Promise<void>;
  reload: () => void;
}

const attemptsMax = 2;
const nobody: SessionAnswer = { setupNeeded: false, signIn: { password: true, gitlab: [] } };
const SessionContext = createContext<Session | undefined>(undefined);
export const sessionKey = ["session"];

function remember(answer: SessionAnswer): SessionAnswer {
  useCsrfToken(answer.csrfToken ?? "");
  return answer;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: sessionKey,
    queryFn: async () => remember(await server.get("/session")),
    staleTime: 60_000,
    // Before it is known who is here, there is no page to keep.
    retry: attemptsMax,
  });
  const session = useMemo<Session>(() => {
    const known = query.data ?? nobody;
    return {
      state: query.data ? "known" : query.isError ? "unreachable" : "loading",
      setupNeeded: known.setupNeeded,
      signIn: known.signIn,
      user: known.user,
      may: (role) =>
        known.user !== undefined && ranks.indexOf(known.user.role) >= ranks.indexOf(role),
      accept: (answer) => {
        queries.removeQueries({ predicate: (each) => each.queryKey[0] !== "session" });
        queries.setQueryData(sessionKey, remember(answer));
      },
      signOut: async () => {
        await server.delete("/session");
        queries.clear();
        await queries.invalidateQueries({ queryKey: sessionKey });
      },
      reload: () => void queries.invalidateQueries({ queryKey: sessionKey }),
    };
  }, [query.data, query.isError, queries]);
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider around it");
  return session;
}
