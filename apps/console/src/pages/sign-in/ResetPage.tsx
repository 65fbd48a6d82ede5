import { useState } from 'react';
import { useLinkToken } from './linkToken';
import { NewPasswordForm } from './NewPasswordForm';
import { RequestResetForm } from './RequestResetForm';

/** A forgotten password: asking for a link, and, with the link, choosing a new one. */
export function ResetPage() {
  const token = useLinkToken('reset');
  const [again, setAgain] = useState(false);
  if (token === undefined) return null;
  if (!token || again) return <RequestResetForm />;
  return <NewPasswordForm token={token} onAskAgain={() => setAgain(true)} />;
}
