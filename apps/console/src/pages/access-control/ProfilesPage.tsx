import { PageHeader } from '../../components/PageHeader';

export function ProfilesPage() {
  return <PageHeader title="Profiles" />;
}
