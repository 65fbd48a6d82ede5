import { PageHeader } from '../../components/PageHeader';

export function ClaimPage() {
  return <PageHeader title="Claim" />;
}
