// A sentence of the server: what stands between backticks is code, as on the command line.
import { Code } from "@mantine/core";

/** "run `fairlead serve`." -> words and code, in turn; an odd backtick stays as it is. */
export function piecesOf(text: string): { text: string; code: boolean }[] {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [{ text, code: false }];
  return parts
    .map((part, index) => ({ text: part, code: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

export function Words({ text }: { text: string }) {
  return (
    <>
      {piecesOf(text).map((piece, index) =>
        piece.code ? (
          <Code key={index} style={{ overflowWrap: "anywhere" }}>
            {piece.text}
          </Code>
        ) : (
          <span key={index}>{piece.text}</span>
        ),
      )}
    </>
  );
}
