// The application: providers around the pages, and which page a visitor may see.
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "../pages/shared/api";
import { Pages } from "./Pages";
import { SessionProvider, sessionKey } from "./session";
import { styleNonce, theme } from "./theme";

const attemptsMax = 2;
const retryMsMax = 5_000;

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
      // What the server refused it refuses again. While it is away (AwayBanner) it is asked until it
      // is back, so that no page loses what it shows.
      retry: (attempts, error) =>
        error instanceof Problem ? error.status === 0 : attempts < attemptsMax,
      retryDelay: (attempts) => Math.min(1_000 * 2 ** attempts, retryMsMax),
      networkMode: "always",
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
