import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data, ifMatch, type Versioned, versioned } from './client';
import type { License, LicensePatch, NewLicense } from './schema';

/** One license, with the version that a change is made from. */
export function licenseQuery(id: string) {
  return queryOptions({
    queryKey: ['license', id],
    queryFn: () => versioned(api.GET('/api/v1/licenses/{id}', { params: { path: { id } } })),
  });
}

export function addLicense(body: NewLicense): Promise<License> {
  return data(api.POST('/api/v1/licenses', { body }));
}

export function patchLicense(id: string, body: LicensePatch, etag?: string): Promise<Versioned<License>> {
  return versioned(
    api.PATCH('/api/v1/licenses/{id}', { params: { path: { id } }, body, headers: ifMatch(etag) }),
  );
}

export async function deleteLicense(id: string): Promise<void> {
  await data(api.DELETE('/api/v1/licenses/{id}', { params: { path: { id } } }));
}

/** A command over licenses, to be awaited; the lists are asked for again, also when it is refused. */
export function useLicenseCommand<Input, Output>(run: (input: Input) => Promise<Output>) {
  const queryClient = useQueryClient();
  const { mutateAsync } = useMutation({
    mutationFn: run,
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['licenses'] });
      void queryClient.invalidateQueries({ queryKey: ['license'] });
    },
  });
  return mutateAsync;
}
