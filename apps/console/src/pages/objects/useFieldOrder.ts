import { useRef, useState } from 'react';
import type { Versioned } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { CustomObject } from '../../api/schema';
import { done, failed } from '../../components/notify';
import { useObjectCache } from './objectCache';

/**
 * The order of an object's fields, by their keys, and how to save another one.
 *
 * A new order shows at once. One that comes while another is being saved waits for it, so that somebody may press an
 * arrow as often as they like; of several that wait, only the last is saved.
 */
export function useFieldOrder({ value: object, etag }: Versioned<CustomObject>) {
  const cache = useObjectCache();
  const stored = object.fields.map(({ key }) => key);
  const [wanted, setWanted] = useState<string[] | null>(null);
  const latest = useRef<string[] | null>(null);
  const save = async (order: string[]) => {
    const saving = latest.current !== null;
    latest.current = order;
    setWanted(order);
    if (saving) return;
    try {
      let tag = etag;
      let saved: string[];
      do {
        saved = latest.current;
        tag = (await cache.change(object.key, tag, { field_order: saved })).etag;
      } while (saved !== latest.current);
      done('The order is saved.', () => cache.change(object.key, tag, { field_order: stored }));
    } catch (problem) {
      failed(problem);
      if (asProblem(problem).status === 412) await cache.touched(object.key);
    } finally {
      latest.current = null;
      setWanted(null);
    }
  };
  return { order: wanted ?? stored, save };
}
