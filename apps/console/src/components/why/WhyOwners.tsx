import { Badge, Group, Text } from '@mantine/core';
import type { Explanation } from '../../api/schema';
import { useSession } from '../../api/session';
import { PersonAvatar, PersonName } from '../PersonName';
import classes from './Why.module.css';
import { Mark } from './WhyAnswer';

/** The owners as the person stands to them. */
export function WhyOwners({ answer }: { answer: Explanation }) {
  const session = useSession();
  const own = answer.subject.id === session.user.id;
  const name = own ? 'you' : (answer.subject.name ?? 'them');
  const relations: { [relation: string]: string } = {
    myself: own ? 'That’s you' : 'The same person',
    report: `A report of ${own ? 'yours' : name}`,
    peer: `A peer of ${own ? 'yours' : name}`,
    other: `Neither a report nor a peer of ${own ? 'yours' : name}`,
  };
  return (
    <ul className={classes.list}>
      {answer.owners.map((owner) => (
        <li key={owner.user_id}>
          <Group gap="sm" wrap="nowrap">
            <PersonAvatar name={owner.name ?? '?'} />
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text fz="sm" fw={550} truncate component="div">
                {owner.name ?? <PersonName id={owner.user_id} />}
              </Text>
              <Text fz="xs" c="dimmed">
                {relations[owner.relation] ?? owner.relation}
              </Text>
            </div>
            <Badge variant="default" tt="none" fw={500} leftSection={<Mark yes={owner.reached} size={14} />}>
              {owner.reached ? 'Within reach' : 'Out of reach'}
            </Badge>
          </Group>
        </li>
      ))}
    </ul>
  );
}
