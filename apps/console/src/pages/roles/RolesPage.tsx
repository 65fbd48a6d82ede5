import { PageHeader } from '../../components/PageHeader';

export function RolesPage() {
  return <PageHeader title="Roles" />;
}
