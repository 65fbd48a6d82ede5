import { Anchor, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { rolesQuery } from '../../api/queries';
import type { User } from '../../api/schema';
import { ErrorState } from '../../components/EmptyState';
import { ancestorsOf, forestOf } from '../../components/role-tree/forest';
import type { Lit, LitWords } from '../../components/role-tree/lit';
import { Card } from './Card';
import { RelatedLists } from './PersonPanel';
import { litFor, usePersonReach } from './reach';

const RoleTree = lazy(() => import('../../components/role-tree/RoleTree'));

const ABOVE: LitWords = { path: 'Above them' };

/** Where a user stands in the tree of roles, with their reports and peers. */
export function UserReach({ user }: { user: User }) {
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const navigate = useNavigate();
  const forest = useMemo(() => forestOf(roles ?? []), [roles]);
  const reach = usePersonReach(user.id, forest);
  const lit = useMemo(() => {
    if (!user.role_id) return undefined;
    const own = new Map<string, Lit>(ancestorsOf(forest, user.role_id).map((id) => [id, 'path']));
    for (const [id, why] of litFor(forest, user.role_id)) own.set(id, why);
    return own;
  }, [forest, user.role_id]);
  const only = useMemo(() => lit && new Set(lit.keys()), [lit]);
  if (!user.role_id) {
    return (
      <Card title="Reports and peers">
        <Text fz="sm" c="dimmed">
          {user.first_name} has no role, so nobody is above, below or beside them.
        </Text>
      </Card>
    );
  }
  return (
    <Card
      title="Reports and peers"
      aside={
        <Anchor fz="sm" renderRoot={(props) => <Link to="/roles" search={{ person: user.id }} {...props} />}>
          Show among all roles
        </Anchor>
      }
    >
      <Stack gap="md">
        {error && !roles && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!roles && !error && <Skeleton h={heightFor(4)} radius="md" />}
        {roles && only && (
          <Suspense fallback={<Skeleton h={heightFor(only.size) + 40} radius="md" />}>
            <RoleTree
              roles={roles}
              label={`Roles above and below ${user.first_name}`}
              lit={lit}
              litWords={ABOVE}
              legend={reach.words}
              only={only}
              searchable={false}
              height={heightFor(only.size)}
              onSelect={(role) => void navigate({ to: '/roles', search: { role, person: user.id } })}
            />
          </Suspense>
        )}
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <RelatedLists personId={user.id} />
        </SimpleGrid>
      </Stack>
    </Card>
  );
}

/** Room for a drawing of so many roles. */
function heightFor(roles: number): number {
  return Math.min(440, Math.max(280, roles * 44));
}
