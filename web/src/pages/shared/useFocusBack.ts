// The focus goes back to what opened a dialog that is drawn only while it is open.
import { useEffect, useState } from "react";

export function useFocusBack(): void {
  // What had the focus before the dialog took it.
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has left the page and let the focus go.
      setTimeout(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
      });
    },
    [opener],
  );
}
