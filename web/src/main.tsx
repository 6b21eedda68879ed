// The entry: styles, providers, the application.
import "virtual:mantine-styles";
import "@mantine/notifications/styles.css";
import "./app/base.css";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { styleNonce } from "./app/theme";

// For what a dialog does to the page behind it.
const nonce = styleNonce();
if (nonce !== "") setNonce(nonce);

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
