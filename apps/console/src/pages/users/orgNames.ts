import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { licensesQuery, profilesQuery, rolesQuery } from '../../api/queries';

/** How profiles, roles and licenses are called, by id. */
export interface OrgNames {
  profiles: ReadonlyMap<string, string>;
  roles: ReadonlyMap<string, string>;
  licenses: ReadonlyMap<string, string>;
}

/** The names of what people have. */
export function useOrgNames(): OrgNames {
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: licenses = [] } = useQuery(licensesQuery);
  return useMemo(() => {
    const byId = (things: { id: string; name: string }[]) =>
      new Map(things.map(({ id, name }) => [id, name]));
    return { profiles: byId(profiles), roles: byId(roles), licenses: byId(licenses) };
  }, [profiles, roles, licenses]);
}
