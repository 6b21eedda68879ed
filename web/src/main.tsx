// The entry: styles, providers, the application.
import "virtual:mantine-styles";
import "@mantine/notifications/styles.css";
import "./app/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
