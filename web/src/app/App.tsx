// The application: providers around the pages, and which page a visitor may see.
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "../pages/shared/api";
import { Pages } from "./Pages";
import { SessionProvider } from "./session";
import { styleNonce, theme } from "./theme";

const attemptsMax = 2;

const queries = new QueryClient({
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
