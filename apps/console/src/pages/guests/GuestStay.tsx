import { Box, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { orgQuery } from '../../api/queries';
import type { Guest } from '../../api/schema';
import { readersZone } from '../../components/clock';
import { dateWords, daysLeftWords, instantWords } from '../../components/DateText';
import { PersonName } from '../../components/PersonName';
import { endsSoon } from './EndsCell';
import classes from './Guest.module.css';
import { endForReader, longDay } from './orgDays';

/** How long a guest stays: from the invitation to the last day, and where today is in between. */
export function GuestStay({ guest }: { guest: Guest }) {
  const { data: org } = useQuery(orgQuery);
  const soon = endsSoon(guest);
  const over = guest.status === 'expired' || guest.status === 'revoked';
  const here = org && endForReader(guest.access_ends_on, org.time_zone, readersZone());
  return (
    <Box>
      <Group justify="space-between" align="baseline" gap="xs" mb={8}>
        <Text fz="lg" fw={620}>
          {headline(guest)}
        </Text>
        {guest.status !== 'revoked' && (
          <Text fz="sm" c="dimmed">
            {over ? 'Ended after' : 'Last day:'} {longDay(guest.access_ends_on)}
          </Text>
        )}
      </Group>
      <div className={classes.stay} data-soon={soon || undefined} data-over={over || undefined} aria-hidden>
        <div style={{ width: `${shareOver(guest)}%` }} />
      </div>
      <Group justify="space-between" mt={6} gap="xs">
        <Text fz="xs" c="dimmed">
          Invited {dateWords(guest.created_at)}
        </Text>
        <Text fz="xs" c="dimmed">
          {guest.status === 'revoked' ? (
            <>
              {guest.revoked_at && `Revoked ${instantWords(guest.revoked_at)}`}
              {guest.revoked_by && (
                <>
                  {' '}
                  by <PersonName id={guest.revoked_by} />
                </>
              )}
            </>
          ) : (
            org && (
              <>
                Midnight in {org.time_zone.replaceAll('_', ' ')}
                {here && `, ${here} your time`}
              </>
            )
          )}
        </Text>
      </Group>
      {guest.status === 'revoked' && guest.revoke_reason && (
        <Text fz="sm" mt="xs">
          “{guest.revoke_reason}”
        </Text>
      )}
    </Box>
  );
}

function headline(guest: Guest): string {
  if (guest.status === 'revoked') return 'Access is revoked';
  if (guest.status === 'expired') return 'Access has ended';
  const left = daysLeftWords(guest.days_left);
  return left.startsWith('ends') ? `Access ${left}` : left;
}

/** How much of the stay is over, in percent; a little is always shown. */
function shareOver(guest: Guest): number {
  if (guest.status === 'expired' || guest.status === 'revoked') return 100;
  const from = Date.parse(guest.created_at);
  const to = Date.parse(guest.access_ends_at);
  const share = (100 * (Date.now() - from)) / Math.max(1, to - from);
  return Math.min(100, Math.max(2, share));
}
