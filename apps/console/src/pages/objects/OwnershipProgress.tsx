import { Alert, Progress, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { CustomObject } from '../../api/schema';
import { done } from '../../components/notify';

/** How far the work is, while the owners of all records are being worked out anew; and a word when it is done. */
export function OwnershipProgress({ object }: { object: CustomObject }) {
  const client = useQueryClient();
  const change = object.ownership_change;
  const running = change !== null;
  const ran = useRef(running);
  useEffect(() => {
    if (ran.current && !running) {
      done(`The owners of all ${object.plural.toLowerCase()} are worked out. The new meaning holds now.`);
      for (const key of ['objects', 'records', 'record', 'explanation', 'record-access']) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    }
    ran.current = running;
  }, [running, object.plural, client]);
  if (!change) return null;
  const share = change.total > 0 ? Math.min(100, (change.done / change.total) * 100) : 0;
  const labels = change.fields.map((key) => object.fields.find((field) => field.key === key)?.label ?? key);
  return (
    <Alert
      variant="light"
      color="yellow"
      icon={<IconRefresh size={18} />}
      title="Owners are being worked out"
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
      role="status"
    >
      <Text fz="sm" mb="xs">
        {labels.length > 0
          ? `Soon the records belong to the people in ${labels.join(', ')}.`
          : 'Soon nobody owns these records.'}{' '}
        Until every record is done, the old meaning holds. {change.done.toLocaleString()} of{' '}
        {change.total.toLocaleString()} are done.
      </Text>
      <Progress value={share} aria-label="Records done" animated />
    </Alert>
  );
}
