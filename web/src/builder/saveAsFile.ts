// Gives the browser a text as a file.

export function fileNameOf(name: string): string {
  return `${name}.yaml`;
}

export function saveAsFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
