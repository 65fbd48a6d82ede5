import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconCloudOff } from '@tabler/icons-react';

/** Says that there is no connection, on every page, as long as there is none. */
export function OfflineBanner() {
  const { online } = useNetwork();
  if (online) return null;
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<IconCloudOff size={18} />} role="status" py="xs">
      You are offline. What you see may be out of date, and changes can’t be saved until you are back.
    </Alert>
  );
}
