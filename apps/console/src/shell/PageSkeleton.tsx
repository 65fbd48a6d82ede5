import { Skeleton, Stack } from '@mantine/core';

/** What stands where a page is about to be. */
export function PageSkeleton() {
  return (
    <Stack gap="md" aria-busy="true" aria-label="Loading" role="status">
      <Skeleton h={28} w={220} />
      <Skeleton h={36} maw={420} />
      <Skeleton h={320} />
    </Stack>
  );
}
