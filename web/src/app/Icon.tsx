// The signs of the navigation: thin lines on a 20 by 20 field, in the colour of the text.
import type { Place } from "./navigation";

type Name = Place["icon"] | "search" | "sun" | "moon" | "person";

const lines: Record<Name, string> = {
  workflows: "M4 4h5v4H4zM11 12h5v4h-5zM6.5 8v4.5a1.5 1.5 0 0 0 1.5 1.5h3",
  runs: "M6 4l9 6-9 6z",
  approvals: "M4 10.5l4 4 8-9",
  events: "M11 2L4 11h5l-1 7 7-9h-5z",
  apps: "M3.5 3.5h5.5v5.5H3.5zM11 3.5h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 11h5.5v5.5H11z",
  audit: "M5 3h7l3 3v11H5zM8 9h4M8 12h4",
  admin:
    "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM10 2v3M10 15v3M2 10h3M15 10h3M4.5 4.5l2 2M13.5 13.5l2 2M15.5 4.5l-2 2M6.5 13.5l-2 2",
  status: "M2 11h4l2-6 4 10 2-4h4",
  search: "M8.5 3.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM12.5 12.5l4 4",
  sun: "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 2v2M10 16v2M2 10h2M16 10h2",
  moon: "M15.5 12A6.5 6.5 0 0 1 8 4.5 6 6 0 1 0 15.5 12z",
  person: "M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 17c.5-3.5 3-5 6-5s5.5 1.5 6 5",
};

export function Icon({ name, size = 18 }: { name: Name; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={lines[name]} />
    </svg>
  );
}
