import { PageHeader } from '../../components/PageHeader';

export function UserPage() {
  return <PageHeader title="User" />;
}
