// What a password must be, as the server demands it.
export const passwordMin = 10;
export const passwordMax = 256;

// What is wrong with it, in words; "" if nothing is.
export function passwordFault(password: string): string {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes < passwordMin) return `At least ${passwordMin} characters.`;
  if (bytes > passwordMax) return `At most ${passwordMax} bytes.`;
  return "";
}

// Where to go after a sign-in: a page of this application, never another site.
export function localPath(wanted: string | null, otherwise: string): string {
  if (!wanted || !wanted.startsWith("/") || wanted.startsWith("//")) return otherwise;
  return wanted.includes("\\") ? otherwise : wanted;
}
