// The end of a list that is read page by page: the way to its next page, or how many rows there are.
import { Button, Group, Text } from "@mantine/core";
import { useEffect, useRef } from "react";

interface Props {
  // The list as usePages gives it.
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  count: number;
  // "run", "runs".
  one: string;
  many: string;
  label: string;
  // When its button comes into view, too; else only by a click.
  reads?: "by itself" | "when asked";
}

const aheadPx = 400;

export function More({ list, count, one, many, label, reads = "when asked" }: Props) {
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage: more, isFetchingNextPage: loading, fetchNextPage } = list;
  useEffect(() => {
    if (!end.current || !more || loading || reads !== "by itself") return undefined;
    const watcher = new IntersectionObserver(
      (seen) => seen.some((each) => each.isIntersecting) && void fetchNextPage(),
      { rootMargin: `${aheadPx}px` },
    );
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [more, loading, fetchNextPage, reads]);
  if (count === 0 && !more) return null;
  return (
    <Group justify="center" py="md" ref={end}>
      {more ? (
        <Button size="xs" variant="subtle" loading={loading} onClick={() => void fetchNextPage()}>
          {label}
        </Button>
      ) : (
        <Text size="xs" c="dimmed" role="status">
          {count} {count === 1 ? one : many}, that is all
        </Text>
      )}
    </Group>
  );
}
