import { asProblem } from '../api/problem';
import { ErrorState } from '../components/EmptyState';
import { PageHeader } from '../components/PageHeader';
import { NotFoundPage } from './NotFoundPage';

/** A page that could not be shown. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const problem = asProblem(error);
  if (problem.status === 404) return <NotFoundPage />;
  return (
    <>
      <PageHeader title="Something went wrong" />
      <ErrorState error={error} onRetry={reset} />
    </>
  );
}
