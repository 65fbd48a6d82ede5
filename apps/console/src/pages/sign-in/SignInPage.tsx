import { useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Search } from '../../routes';
import { useArrival, useWhoIsIn } from './arrival';
import { Doorway } from './Doorway';
import { SignInForm } from './SignInForm';

/** The way in for everybody who has an account. Whoever is in already goes on to where they wanted. */
export function SignInPage() {
  const { org, to } = useSearch({ strict: false }) as Search;
  const arrive = useArrival();
  const { data: somebody } = useWhoIsIn();
  useEffect(() => {
    if (somebody) void arrive(to);
  }, [somebody, arrive, to]);
  return (
    <Doorway title="Sign in">
      <SignInForm org={org === undefined ? undefined : String(org)} to={to} />
    </Doorway>
  );
}
