import { PageHeader } from '../../components/PageHeader';

export function GuestPage() {
  return <PageHeader title="Guest" />;
}
