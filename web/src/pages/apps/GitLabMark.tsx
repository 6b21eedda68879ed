// A sign for GitLab: drawn here, not GitLab's own logo.
export function GitLabMark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="9" fill="#e8552d" />
      <circle cx="13" cy="12" r="3.5" fill="#fff" />
      <circle cx="13" cy="28" r="3.5" fill="#fff" />
      <circle cx="28" cy="17" r="3.5" fill="#fff" />
      <path d="M13 15v10M13 23c0-5 15 0 15-4" stroke="#fff" strokeWidth="2.6" fill="none" />
    </svg>
  );
}
