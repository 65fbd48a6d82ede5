import { Text } from '@mantine/core';
import type { AuditEvent } from '../../api/schema';
import { DateText } from '../DateText';
import { PersonName } from '../PersonName';
import { type Part, sentenceOf } from './sentence';
import { ThingName } from './ThingName';

interface Props {
  event: AuditEvent;
  /** Whether names lead to their pages. */
  link?: boolean;
}

/** What happened, as a sentence: "Ada Admin extended Hiroshi Kowalski’s access to 14 Apr 2026". */
export function AuditSentence({ event, link = false }: Props) {
  return (
    <Text span inherit>
      {sentenceOf(event).map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one event never change places.
        <Piece key={at} part={part} event={event} link={link} />
      ))}
    </Text>
  );
}

function Piece({ part, event, link }: { part: Part; event: AuditEvent; link: boolean }) {
  if (typeof part === 'string') return part;
  switch (part.kind) {
    case 'actor':
      return <Actor event={event} link={link} />;
    case 'target':
      return <ThingName event={event} link={link} />;
    case 'person':
      return <Strong id={part.id} link={link} />;
    case 'day':
      return (
        <b>
          <DateText value={part.date} />
        </b>
      );
  }
}

/** Who did it: a person, a service (and for whom), or the system by itself. */
function Actor({ event, link }: { event: AuditEvent; link: boolean }) {
  if (event.actor_kind === 'user') return <Strong id={event.actor_id} link={link} />;
  if (event.actor_kind === 'system') return <b>Vestibule</b>;
  if (!event.on_behalf_of) return <b>A service</b>;
  return (
    <>
      <b>A service</b>, for <Strong id={event.on_behalf_of} link={link} />,
    </>
  );
}

function Strong({ id, link }: { id: string | null; link: boolean }) {
  return (
    <Text span inherit fw={550}>
      <PersonName id={id} link={link} none="Somebody" />
    </Text>
  );
}
