import { Anchor, Text } from '@mantine/core';
import { IconArrowRight, IconBulb } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { personQuery } from '../../api/people';
import type { Explanation, SuggestedChange } from '../../api/schema';
import { can, canAny, useSession } from '../../api/session';
import type { Question } from './explain';
import classes from './Why.module.css';

interface Props {
  answer: Explanation;
  question: Question;
}

/** The smallest changes that would make it a yes, each with the way to where it is made. */
export function WhySuggestions({ answer, question }: Props) {
  const session = useSession();
  if (answer.suggestions.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No single change would. The record would have to belong to somebody else.
      </Text>
    );
  }
  return (
    <>
      <Text fz="sm" c="dimmed" mb="xs">
        {answer.suggestions.length > 1 ? 'Any one of these is enough.' : 'This is enough.'}
        {!can(session, 'manage_access') && ` Ask an administrator of ${session.org.name} for it.`}
      </Text>
      <ul className={classes.list}>
        {answer.suggestions.map((suggestion) => (
          <li key={suggestion.changes.map(({ detail }) => detail).join()} className={classes.card}>
            {suggestion.changes.map((change, index) => (
              <div key={change.detail} className={classes.step}>
                <IconBulb size={18} aria-hidden />
                <div>
                  <Text fz="sm">
                    {index > 0 && 'And: '}
                    {change.detail}
                  </Text>
                  <Where change={change} question={question} />
                </div>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A link to where a change is made, for who may make it. */
function Where({ change, question }: { change: SuggestedChange; question: Question }) {
  const session = useSession();
  const subject = useQuery({ ...personQuery(question.subject), enabled: change.kind !== 'raise_level' });
  if (change.kind === 'raise_level') {
    if (!can(session, 'manage_access')) return null;
    return (
      <Anchor
        fz="sm"
        renderRoot={(props) => (
          <Link
            to="/access-control/$profileId"
            params={{ profileId: change.profile_id }}
            search={{ object: change.object, action: change.action }}
            {...props}
          />
        )}
      >
        <Words>Open the profile, and look before you save</Words>
      </Anchor>
    );
  }
  if (change.kind === 'make_owner') {
    const { record, object } = question;
    if (!record || !session.permissions[object]) return null;
    return (
      <Anchor
        fz="sm"
        renderRoot={(props) => (
          <Link
            to="/records/$objectKey/$recordId"
            params={{ objectKey: object, recordId: record }}
            {...props}
          />
        )}
      >
        <Words>Open the record to change its owner</Words>
      </Anchor>
    );
  }
  const guest = subject.data?.kind === 'guest';
  if (guest ? !can(session, 'manage_guests') : !canAny(session, ['manage_users', 'manage_access']))
    return null;
  return (
    <Anchor
      fz="sm"
      renderRoot={(props) =>
        guest ? (
          <Link to="/guests/$guestId" params={{ guestId: change.user_id }} {...props} />
        ) : (
          <Link to="/users/$userId" params={{ userId: change.user_id }} {...props} />
        )
      }
    >
      <Words>
        {change.kind === 'move_subject' ? 'Open the person to change the role' : 'Open the person'}
      </Words>
    </Anchor>
  );
}

function Words({ children }: { children: string }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
      {children}
      <IconArrowRight size={14} aria-hidden />
    </span>
  );
}
