import { Divider } from '@mantine/core';

/** Between two ways in. */
export function OrSeparator() {
  return <Divider label="or" labelPosition="center" my="lg" />;
}
