import { PageHeader } from '../../components/PageHeader';

export function LicensesPage() {
  return <PageHeader title="Licenses" />;
}
