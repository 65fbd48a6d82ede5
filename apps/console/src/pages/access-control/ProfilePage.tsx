import { PageHeader } from '../../components/PageHeader';

export function ProfilePage() {
  return <PageHeader title="Profile" />;
}
