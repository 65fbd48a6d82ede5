import { Box, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCrown, IconUser } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import type { Explanation, Role } from '../../api/schema';
import { useSession } from '../../api/session';
import { litPath } from './explain';
import classes from './Why.module.css';

const RoleTree = lazy(() => import('../role-tree/RoleTree'));

interface Props {
  answer: Explanation;
  /** Every role, for who may read them. */
  roles: Role[] | undefined;
}

/** The way from the person to the owners, lit up in the tree of roles; as a chain where the tree can't be read. */
export function WhyPath({ answer, roles }: Props) {
  const path = useMemo(() => (roles ? litPath(answer, roles) : null), [answer, roles]);
  if (!roles || !path) return <Chain answer={answer} />;
  const subject = answer.subject.name ?? 'This person';
  return (
    <Suspense fallback={<Skeleton h={320} radius="md" />}>
      <Stack gap="xs">
        <Meeting answer={answer} top={path.top} />
        <Box mih={320}>
          <RoleTree
            roles={roles}
            label="The way through the user roles"
            lit={path.lit}
            only={path.only}
            litWords={{ subject, owner: 'Owner' }}
            searchable={false}
            height={320}
          />
        </Box>
      </Stack>
    </Suspense>
  );
}

/** How the two stand to each other, in a sentence. */
function Meeting({ answer, top }: { answer: Explanation; top: Role | undefined }) {
  const owner = answer.owners.find(({ path }) => path.length > 0);
  const own = answer.subject.role?.name;
  const last = owner?.path.at(-1)?.name;
  if (!owner || !own || !last || !top) return null;
  let words = `${own} and ${last} only meet at ${top.name}, so neither is below the other.`;
  if (owner.path.length === 1) words = `Both are in the role ${own}.`;
  else if (top.name === own) words = `${last} is below ${own}.`;
  else if (top.name === last)
    words = `${last}, the owner’s role, is above ${own}. Reach goes down, never up.`;
  return <Text fz="sm">{words}</Text>;
}

function Chain({ answer }: { answer: Explanation }) {
  const session = useSession();
  const own = answer.subject.id === session.user.id;
  const owner = answer.owners.find(({ path }) => path.length > 0);
  if (!owner) return null;
  const { path } = owner;
  const wordsOf = (index: number): string => {
    const name = path[index]?.name;
    if (path.length === 1) return name ?? (own ? 'Your role, which is the owner’s, too' : 'The role of both');
    if (index === 0) return name ? `${name} (${own ? 'your role' : 'their role'})` : 'Your role';
    if (index === path.length - 1) return name ? `${name} (the owner’s role)` : 'The owner’s role';
    return name ?? 'A role in between';
  };
  return (
    <ol className={classes.chain} aria-label="The way through the user roles">
      {path.map((role, index) => (
        <li key={role.role_id}>
          <span
            className={classes.dot}
            data-lit={index === path.length - 1 ? 'owner' : index === 0 ? 'subject' : undefined}
          >
            {index === path.length - 1 ? (
              <IconCrown size={14} aria-hidden />
            ) : index === 0 ? (
              <IconUser size={14} aria-hidden />
            ) : owner.relation === 'report' ? (
              <IconArrowDown size={14} aria-hidden />
            ) : (
              <IconArrowUp size={14} aria-hidden />
            )}
          </span>
          <Text fz="sm">{wordsOf(index)}</Text>
        </li>
      ))}
    </ol>
  );
}
