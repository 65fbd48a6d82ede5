import { Button, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ErrorState } from '../../components/EmptyState';
import { DOOR } from './arrival';
import { ClaimForm } from './ClaimForm';
import { Doorway } from './Doorway';
import { LinkOver } from './LinkOver';
import { useLinkToken } from './linkToken';

/** An invitation: who invites, to what, until when, and a password to choose. One screen, and one is in. */
export function ClaimPage() {
  const token = useLinkToken('claim');
  const preview = useQuery({
    queryKey: [DOOR, 'claim', token],
    queryFn: () => data(api.POST('/api/v1/claims/preview', { body: { token: token ?? '' } })),
    enabled: Boolean(token),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (token === null) return <LinkOver kind="missing" />;
  if (preview.data && token) return <ClaimForm token={token} invitation={preview.data} />;
  if (preview.error) {
    const { code, status } = asProblem(preview.error);
    if (code === 'claim_link_invalid' || status === 404) return <LinkOver kind="over" />;
    if (code === 'guest_access_off' || code === 'passwords_not_for_guests') return <LinkOver kind="closed" />;
    return (
      <Doorway title="Your invitation">
        <ErrorState error={preview.error} />
        <Button fullWidth size="md" onClick={() => preview.refetch()} loading={preview.isFetching}>
          Try again
        </Button>
      </Doorway>
    );
  }
  return (
    <Doorway title="Your invitation">
      <Stack gap="md" mt="xl" aria-busy="true" role="status" aria-label="Loading your invitation">
        <Skeleton h={18} w="80%" />
        <Skeleton h={112} />
        <Skeleton h={42} />
        <Skeleton h={42} />
      </Stack>
    </Doorway>
  );
}
