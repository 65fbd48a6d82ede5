import { Image } from '@mantine/core';

/** The mark: a door that stands ajar. */
export function Logo({ size = 28 }: { size?: number }) {
  return <Image src="/favicon.svg" alt="" w={size} h={size} />;
}
