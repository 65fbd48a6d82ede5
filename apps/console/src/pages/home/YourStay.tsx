import { Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { fullName } from '../../api/people';
import { orgQuery } from '../../api/queries';
import { meQuery } from '../../api/session';
import { readersZone } from '../../components/clock';
import { daysLeftWords } from '../../components/DateText';
import { PersonAvatar } from '../../components/PersonName';
import { endForReader, longDay } from '../guests/orgDays';
import classes from './Home.module.css';

/** Until when a guest has access, and whom to ask. */
export function YourStay() {
  const { data: me } = useQuery(meQuery);
  const { data: org } = useQuery(orgQuery);
  if (!me || !org) return <Skeleton h={128} radius="lg" />;
  const { access_ends_on: last, days_left: days } = me;
  const here = last && endForReader(last, org.time_zone, readersZone());
  return (
    <Group
      component="section"
      className={classes.stay}
      justify="space-between"
      gap="lg"
      aria-label="Your access"
    >
      {last && (
        <Stack gap={2}>
          <Text fz="sm">Your access ends on</Text>
          <Text fz={22} fw={640} lh={1.25}>
            {longDay(last)}
          </Text>
          <Text fz="sm">
            {days !== null && `${capital(daysLeftWords(days))} · `}
            midnight in {org.time_zone.replaceAll('_', ' ')}
            {here && `, ${here} your time`}
          </Text>
        </Stack>
      )}
      {me.sponsor ? (
        <Group gap="sm" wrap="nowrap">
          <PersonAvatar name={fullName(me.sponsor)} size={42} />
          <Stack gap={0}>
            <Text fz="sm">Questions, or need longer? Ask your sponsor.</Text>
            <Text fz="sm" fw={600}>
              {fullName(me.sponsor)}
            </Text>
            <Anchor href={`mailto:${me.sponsor.email}`} fz="sm">
              {me.sponsor.email}
            </Anchor>
          </Stack>
        </Group>
      ) : (
        <Text fz="sm" maw={320}>
          Questions, or need longer? Ask somebody you work with at {org.name}.{' '}
          <Anchor inherit renderRoot={(props) => <Link to="/me" {...props} />}>
            My settings
          </Anchor>
        </Text>
      )}
    </Group>
  );
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
