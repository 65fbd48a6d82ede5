import { Anchor, Box, Button, Group, Text, Title } from '@mantine/core';
import { IconCalendarEvent, IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { fullName } from '../../api/people';
import { orgQuery } from '../../api/queries';
import type { Me } from '../../api/schema';
import { useSession } from '../../api/session';
import { daysLeftWords, instantWords } from '../../components/DateText';
import classes from './GuestStay.module.css';

/** Until when a guest is here, and whom to ask for longer. */
export function GuestStay({ me }: { me: Me }) {
  const session = useSession();
  const { data: org } = useQuery(orgQuery);
  const { sponsor } = me;
  const subject = encodeURIComponent(`My access to ${session.org.name}`);
  return (
    <Box component="section" className={classes.stay} aria-labelledby="stay">
      <IconCalendarEvent size={28} aria-hidden className={classes.icon} />
      <Box flex={1} miw={220}>
        <Title
          order={2}
          fz="lg"
          id="stay"
          title={me.access_ends_at ? `until ${instantWords(me.access_ends_at)}` : undefined}
        >
          Your access ends on {dayjs(me.access_ends_on).format('D MMMM YYYY')}
        </Title>
        <Text fz="sm" mt={2}>
          {daysLeftWords(me.days_left ?? 0)}; the day counts to its end{org && `, ${org.time_zone}`}.
        </Text>
        <Text fz="sm" c="dimmed" mt={6}>
          {sponsor ? (
            <>
              Need longer? Ask {fullName(sponsor)}, who looks after your stay:{' '}
              <Anchor inherit underline="always" href={`mailto:${sponsor.email}?subject=${subject}`}>
                {sponsor.email}
              </Anchor>
            </>
          ) : (
            <>
              Need longer? Ask the people at {session.org.name} you work with; nobody is named as your sponsor
              just now.
            </>
          )}
        </Text>
      </Box>
      {sponsor && (
        <Group>
          <Button
            component="a"
            variant="default"
            href={`mailto:${sponsor.email}?subject=${subject}`}
            leftSection={<IconMail size={16} aria-hidden />}
          >
            Ask {sponsor.first_name}
          </Button>
        </Group>
      )}
    </Box>
  );
}
