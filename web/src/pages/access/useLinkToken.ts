// The one-time token of the link one followed: read once, then taken out of the address bar and the
// history.
import { useEffect, useState } from "react";

export function useLinkToken(): string {
  const [token] = useState(() => new URLSearchParams(window.location.search).get("token") ?? "");
  useEffect(() => {
    if (token !== "") window.history.replaceState(null, "", window.location.pathname);
  }, [token]);
  return token;
}
