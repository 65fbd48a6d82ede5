import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data, ifMatch, type Page, type Versioned, versioned } from './client';
import type {
  BulkReport,
  ClaimLink,
  Guest,
  GuestBulk,
  GuestFilter,
  GuestInvitation,
  GuestPatch,
  Reinstate,
} from './schema';

/** The guests of one page of a list. */
export function guestsPage(
  filter: GuestFilter,
  page: { sort?: string; cursor?: string; count?: boolean; limit?: number },
): Promise<Page<Guest>> {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)) as never;
  return data(api.GET('/api/v1/guests', { params: { query: { ...(given as object), ...page } } }));
}

/** One guest, with the version that a change is made from. */
export function guestQuery(id: string) {
  return queryOptions({ queryKey: ['guest', id], queryFn: () => readGuest(id) });
}

export function readGuest(id: string): Promise<Versioned<Guest>> {
  return versioned(api.GET('/api/v1/guests/{id}', { params: { path: { id } } }));
}

/** Whose access ends when, from today on, and how many guests there are of each kind. */
export const guestCalendarQuery = queryOptions({
  // Below the lists of guests, so that whatever changes those changes this.
  queryKey: ['guests', 'calendar'],
  queryFn: () => data(api.GET('/api/v1/guests/calendar')),
});

export function inviteGuest(body: GuestInvitation): Promise<Guest> {
  return data(api.POST('/api/v1/guests', { body }));
}

export function patchGuest(id: string, body: GuestPatch, etag?: string): Promise<Versioned<Guest>> {
  return versioned(
    api.PATCH('/api/v1/guests/{id}', { params: { path: { id } }, body, headers: ifMatch(etag) }),
  );
}

export function revokeGuest(id: string, reason: string | null): Promise<Versioned<Guest>> {
  return versioned(api.POST('/api/v1/guests/{id}/revoke', { params: { path: { id } }, body: { reason } }));
}

export function reinstateGuest(id: string, body: Reinstate, etag?: string): Promise<Versioned<Guest>> {
  return versioned(
    api.POST('/api/v1/guests/{id}/reinstate', { params: { path: { id } }, body, headers: ifMatch(etag) }),
  );
}

/** Deletes a guest; without an heir the records become unowned. */
export async function deleteGuest(id: string, heir: string | null): Promise<void> {
  const query = heir ? { transfer_records_to: heir } : {};
  await data(api.DELETE('/api/v1/guests/{id}', { params: { path: { id }, query } }));
}

/** Mails a new claim link; the ones before stop working. */
export async function mailClaimLink(id: string): Promise<void> {
  await data(
    api.POST('/api/v1/guests/{id}/claim-links', { params: { path: { id } }, body: { deliver: 'email' } }),
  );
}

/** Makes a claim link to hand over oneself; the mailed one stops working. */
export async function showClaimLink(id: string): Promise<ClaimLink> {
  const link = await data(
    api.POST('/api/v1/guests/{id}/claim-links', { params: { path: { id } }, body: { deliver: 'response' } }),
  );
  if (!link) throw new Error('the server answered no link');
  return link;
}

export function bulkGuests(body: GuestBulk): Promise<BulkReport> {
  return data(api.POST('/api/v1/guests/bulk', { body }));
}

/** What a change of a guest may make stale: the lists, seats, the log, names. */
const TOUCHED = ['guests', 'guest', 'licenses', 'profiles', 'roles', 'audit', 'people', 'person', 'records'];

interface CommandOptions {
  /** Whom it was about is gone afterwards: nothing about them is asked for again. */
  deletes?: boolean;
}

/** What is about one guest, and answered with 404 once the guest is gone. */
const ABOUT_ONE = ['guest', 'records', 'audit'];

/**
 * A command over guests, to be awaited; whatever it touches is asked for again, also when it is refused, for then what
 * is on the screen may be out of date.
 */
export function useGuestCommand<Input, Output>(
  run: (input: Input) => Promise<Output>,
  { deletes = false }: CommandOptions = {},
) {
  const queryClient = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: run,
    onSettled: (_, error) => {
      const gone = deletes && !error;
      const about = (keys: string[]) => (query: { queryKey: readonly unknown[] }) =>
        keys.includes(String(query.queryKey[0]));
      if (gone) void queryClient.invalidateQueries({ predicate: about(ABOUT_ONE), refetchType: 'none' });
      const touched = gone ? TOUCHED.filter((key) => !ABOUT_ONE.includes(key)) : TOUCHED;
      void queryClient.invalidateQueries({ predicate: about(touched) });
    },
  });
  return mutateAsync;
}
