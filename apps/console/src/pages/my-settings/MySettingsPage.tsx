import { PageHeader } from '../../components/PageHeader';

export function MySettingsPage() {
  return <PageHeader title="MySettings" />;
}
