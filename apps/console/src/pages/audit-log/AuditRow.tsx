import { Box, Code, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import type { AuditEvent } from '../../api/schema';
import { AuditSentence } from '../../components/audit/AuditSentence';
import { actionLabel } from '../../components/audit/actions';
import { ChangesTable } from '../../components/audit/ChangesTable';
import { ThingName } from '../../components/audit/ThingName';
import { clock, readersZone } from '../../components/clock';
import { instantWords } from '../../components/DateText';
import { PersonName } from '../../components/PersonName';
import classes from './AuditLog.module.css';

/** One event: a sentence, and behind it everything that is kept of it. */
export function AuditRow({ event }: { event: AuditEvent }) {
  const [opened, details] = useDisclosure(false);
  const id = useId();
  return (
    <li className={classes.event} data-opened={opened || undefined}>
      <UnstyledButton
        className={classes.head}
        onClick={details.toggle}
        aria-expanded={opened}
        aria-controls={id}
      >
        <IconChevronRight size={16} aria-hidden className={classes.chevron} />
        <Text span fz="sm" className={`${classes.sentence} words`}>
          <AuditSentence event={event} />
        </Text>
        <time dateTime={event.at} title={instantWords(event.at)} className={classes.time}>
          {clock(event.at).format('HH:mm')}
        </time>
      </UnstyledButton>
      <Collapse expanded={opened} id={id}>
        {opened && <Details event={event} />}
      </Collapse>
    </li>
  );
}

function Details({ event }: { event: AuditEvent }) {
  const { actor_id: actor, target_id: target } = event;
  return (
    <Box className={classes.details}>
      <ChangesTable event={event} />
      <Group gap="4px 20px" mt="md" fz="xs" c="dimmed" className={classes.facts}>
        <span>{actionLabel(event.action)}</span>
        <span>
          {clock(event.at).format('D MMM YYYY, HH:mm:ss')}, {readersZone()}
        </span>
        <span className="tabular">No. {event.seq}</span>
        {event.actor_kind === 'user' && (
          <span>
            By <PersonName id={actor} link />
          </span>
        )}
        {target && (
          <span>
            About <ThingName event={event} link />
          </span>
        )}
        {event.on_behalf_of && (
          <span>
            On behalf of <PersonName id={event.on_behalf_of} />
          </span>
        )}
        {event.request_id && (
          <span>
            Request <Code fz="xs">{event.request_id}</Code>
          </span>
        )}
        {(actor || target) && (
          <Group component="span" gap="4px 20px" wrap="nowrap">
            {actor && (
              <Link to="/audit-log" search={{ actor_id: actor }}>
                All by the same
              </Link>
            )}
            {target && (
              <Link to="/audit-log" search={{ target_id: target }}>
                All about the same
              </Link>
            )}
          </Group>
        )}
      </Group>
    </Box>
  );
}
