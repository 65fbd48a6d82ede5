import { done, failed } from '../../components/notify';

/** Copies the address of a record, for somebody who should look at it. */
export async function copyRecordLink(object: string, id: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(`${window.location.origin}/records/${object}/${id}`);
    done('Link copied. Whoever opens it sees the record only if they may.');
  } catch {
    failed(new Error('The browser didn’t let the link be copied.'));
  }
}
