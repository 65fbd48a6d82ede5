import { Stack, Text } from '@mantine/core';
import type { Guest } from '../../api/schema';
import { dateWords, daysLeftWords } from '../../components/DateText';
import classes from './Guests.module.css';

/** From how many days on somebody should look. */
const SOON = 7;

/** Whether a guest's access ends so soon that somebody should look. */
export function endsSoon(guest: Guest): boolean {
  return (guest.status === 'active' || guest.status === 'invited') && guest.days_left <= SOON;
}

/** A guest's last day, and how far away it is. */
export function EndsCell({ guest }: { guest: Guest }) {
  const soon = endsSoon(guest);
  return (
    <Stack gap={0} align="inherit">
      <Text fz="sm" className="tabular">
        {dateWords(guest.access_ends_on)}
      </Text>
      {guest.status !== 'revoked' && (
        <Text
          fz="xs"
          fw={soon ? 600 : undefined}
          c={soon ? undefined : 'dimmed'}
          className={soon ? classes.soon : undefined}
        >
          {daysLeftWords(guest.days_left)}
        </Text>
      )}
    </Stack>
  );
}
