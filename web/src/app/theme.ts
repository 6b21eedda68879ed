// The look: calm and dense, system fonts, one accent colour.
import { type MantineColorsTuple, createTheme } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#eef7f7",
  "#dcebec",
  "#b5d6d8",
  "#8bc0c3",
  "#68adb1",
  "#52a1a6",
  "#3b8f94",
  "#2f7a7f",
  "#27686c",
  "#185659",
];

const fonts =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';

const named = { closeButtonProps: { "aria-label": "Close" } };

export const theme = createTheme({
  colors: { sea },
  primaryColor: "sea",
  // White words on it reach WCAG AA in both.
  primaryShade: { light: 8, dark: 7 },
  fontFamily: fonts,
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: fonts, fontWeight: "600" },
  fontSizes: { xs: "0.75rem", sm: "0.84rem", md: "0.92rem", lg: "1.05rem", xl: "1.2rem" },
  defaultRadius: "sm",
  cursorType: "pointer",
  autoContrast: true,
  respectReducedMotion: true,
  components: {
    // Plain objects: Modal.extend() would fetch these before they are needed.
    Modal: { defaultProps: named },
    Drawer: { defaultProps: named },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Hide it" } } },
  },
});

// The nonce that the server put into the page for styles made at run time; "" while developing.
export function styleNonce(): string {
  const said = document.querySelector('meta[name="style-nonce"]')?.getAttribute("content") ?? "";
  return said.startsWith("__") ? "" : said;
}
