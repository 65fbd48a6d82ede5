import { PageHeader } from '../../components/PageHeader';

export function GuestsPage() {
  return <PageHeader title="Guests" />;
}
