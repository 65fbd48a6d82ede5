import { queryOptions } from '@tanstack/react-query';
import { api, versioned } from '../../api/client';

/** My account with its version, for changing it. */
export const myAccountQuery = queryOptions({
  queryKey: ['me', 'versioned'],
  queryFn: () => versioned(api.GET('/api/v1/me')),
});
