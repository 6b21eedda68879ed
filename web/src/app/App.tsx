// The application: providers around the pages, and which page a visitor may see.
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "../pages/shared/api";
import { Pages } from "./Pages";
import { SessionProvider, sessionKey } from "./session";
import { styleNonce, theme } from "./theme";

const attemptsMax = 2;

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended somewhere else: the sign-in page takes over.
    onError: (error, query) => {
      if (error instanceof Problem && error.status === 401 && query.queryKey[0] !== sessionKey[0])
        void queries.invalidateQueries({ queryKey: sessionKey });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused it refuses again; only a lost connection is worth another try.
      retry: (attempts, error) =>
        attempts < attemptsMax && (!(error instanceof Problem) || error.status === 0),
    },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <SessionProvider>
          <Pages />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
